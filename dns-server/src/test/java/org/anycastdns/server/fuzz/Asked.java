package org.anycastdns.server.fuzz;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.anycastdns.server.serve.Client;
import org.anycastdns.server.serve.CookieSecrets;
import org.anycastdns.server.serve.Identity;
import org.anycastdns.server.serve.Responder;
import org.anycastdns.server.serve.ServedZones;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.anycastdns.server.zonefile.PlainFiles;
import org.anycastdns.server.zonefile.ZoneFile;
import org.anycastdns.testkit.Repository;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;

/// A responder that is asked, and what holds for every response whatever the request was.
final class Asked {

    /// How a request comes and how much room there is for the response.
    ///
    /// @param capacity octets of the response buffer
    record Way(boolean tcp, int capacity) {}

    private static final int SLOT = 2;
    private static final int UDP_SIZE_MIN = 512;
    private static final int UDP_SIZE = 1232;
    private static final int MESSAGE_OCTETS_MAX = 65_535;
    private static final CookieSecrets SECRETS =
            new CookieSecrets(new CookieSecrets.Secret(1, 2), List.of());

    private final MemorySegment request = Arena.ofAuto().allocate(MESSAGE_OCTETS_MAX);
    private final MemorySegment response = Arena.ofAuto().allocate(MESSAGE_OCTETS_MAX);
    private final Responder responder;

    /// Asks this responder.
    Asked(Responder responder) {
        this.responder = responder;
    }

    static ServedZones served(List<Zone> zones) {
        return new ServedZones(new ZoneSet(zones));
    }

    static Responder responder(List<Zone> zones) {
        return new Responder(served(zones), new Identity("fuzz", "0"), SECRETS);
    }

    /// The zones of `zones/`, and signed ones with NSEC, NSEC3 and opt-out.
    static Asked samples() {
        Path resources = Repository.root().resolve("dns-server/src/test/resources/scenario");
        List<Path> files =
                List.of(
                        Repository.root().resolve("zones/example.com.zone"),
                        Repository.root().resolve("zones/edu.zone"),
                        resources.resolve("rfc4035/nsec.test.zone"),
                        resources.resolve("rfc5155/nsec3.test.zone"),
                        resources.resolve("rfc5155/optout.test.zone"),
                        resources.resolve("rfc6672/dname.test.zone"));
        List<Zone> zones = new ArrayList<>();
        for (Path file : files) {
            String name = file.toString();
            zones.add(ZoneFile.read(ZoneFile.origin(name), name, PlainFiles::read).zone(SLOT));
        }
        zones.add(Zone.unavailable(Name.of("broken."), SLOT));
        return new Asked(responder(zones));
    }

    /// Puts a request, and checks the response: null when there is none, and rightly so.
    @Nullable Message ask(byte[] packet, Way way) {
        return checked(packet, respond(packet, way), way);
    }

    /// Puts a request; returns the response as it is.
    byte[] respond(byte[] packet, Way way) {
        MemorySegment.copy(packet, 0, request, ValueLayout.JAVA_BYTE, 0, packet.length);
        // What follows the message in the buffer is not part of it.
        request.asSlice(packet.length, Math.min(300, MESSAGE_OCTETS_MAX - packet.length))
                .fill((byte) 0xff);
        Client client = way.tcp ? new Client().tcp(100) : new Client().udp();
        MemorySegment into = response.asSlice(0, way.capacity);
        int length = responder.respond(request, packet.length, into, client);
        require(length >= 0 && length <= way.capacity, "length " + length);
        return into.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Checks a response: null when there is none, and rightly so.
    static @Nullable Message checked(byte[] packet, byte[] octets, Way way) {
        int length = octets.length;
        if (packet.length < Header.OCTETS || (packet[2] & (Header.QR >> 8)) != 0) {
            require(length == 0, "a reply to what is no request");
            return null;
        }
        require(length >= Header.OCTETS, "length " + length);
        require(Arrays.equals(packet, 0, 2, octets, 0, 2), "another ID");
        require((octets[2] & 0xf8) == ((packet[2] & 0x78) | (Header.QR >> 8)), "QR or OPCODE");
        Message reply;
        try {
            reply = new Message(octets);
        } catch (IOException e) {
            // dnsjava takes no capitals in the tag of a CAA record, which RFC 8659 section 4.1
            // allows; PlainReply reads such a reply all the same.
            require(
                    String.valueOf(e.getMessage()).startsWith("invalid tag"),
                    "the reply is malformed: " + e);
            return null;
        }
        require(way.tcp || length <= UDP_SIZE, length + " octets over UDP");
        require(
                way.tcp || reply.getOPT() != null || length <= UDP_SIZE_MIN,
                length + " octets without EDNS");
        require(
                reply.getHeader().getFlag(Flags.TC) || reply.numBytes() == length,
                "octets after the last record");
        return reply;
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
