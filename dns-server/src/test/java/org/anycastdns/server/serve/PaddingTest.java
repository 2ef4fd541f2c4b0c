package org.anycastdns.server.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.anycastdns.server.transfer.tsig.TsigAlgorithm;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.wire.Edns;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.Type;

/// Padding of responses (RFC 7830, RFC 8467): for clients that pad, and only where encryption makes
/// the length worth hiding.
class PaddingTest {

    private static final byte[] SECRET =
            "a secret of some octets".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    private static final EDNSOption PADDING = new GenericEDNSOption(12, new byte[20]);
    private static final EDNSOption NSID = new GenericEDNSOption(3, new byte[0]);
    private static final TlsClient TLS = new TlsClient(true, List.of());
    private static final long IDLE = 300;

    private final Responder responder =
            new Responder(
                    SampleZone.zones(),
                    SampleZone.IDENTITY,
                    SampleZone.SECRETS,
                    new TsigKeys(
                            List.of(
                                    new TsigKey(
                                            org.anycastdns.server.wire.Name.of("k.example."),
                                            TsigAlgorithm.HMAC_SHA256,
                                            SECRET))),
                    ControlDoor.CLOSED);
    private final Client client = new Client().ipv4(0xc0000201);

    private static Message query(String name, int type, EDNSOption... options) {
        Message query =
                Message.newQuery(Record.newRecord(Name.fromConstantString(name), type, DClass.IN));
        query.addRecord(new OPTRecord(1_232, 0, 0, 0, List.of(options)), Section.ADDITIONAL);
        return query;
    }

    private byte[] respond(byte[] request, int room) {
        MemorySegment response = Arena.ofAuto().allocate(room);
        // An earlier response must not shine through the padding.
        response.fill((byte) 0xee);
        client.at(System.currentTimeMillis() / 1_000);
        int length =
                responder.respond(MemorySegment.ofArray(request), request.length, response, client);
        return response.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    private byte[] respond(Message query) {
        return respond(query.toWire(), 65_535);
    }

    private static byte[] padding(byte[] response) throws IOException {
        List<EDNSOption> options = new Message(response).getOPT().getOptions(12);
        assertEquals(1, options.size(), options::toString);
        return ((GenericEDNSOption) options.getFirst()).toWire();
    }

    @Test
    void aPaddedQueryOverTlsGetsBlocksOf468Octets() throws IOException {
        Client _ = client.tls(TLS, IDLE);
        for (String name : List.of("www.example.", "no.example.", "large.example.", "other.")) {
            byte[] response = respond(query(name, Type.TXT, PADDING));
            assertEquals(0, response.length % Edns.PADDING_BLOCK, name);
            byte[] padding = padding(response);
            for (int i = 4; i < padding.length; i++) {
                assertEquals(0, padding[i], "the padding is zero");
            }
        }
    }

    @Test
    void theOtherOptionsStayBeforeThePadding() throws IOException {
        Client _ = client.tls(TLS, IDLE);
        byte[] response = respond(query("www.example.", Type.A, NSID, PADDING));
        assertEquals(Edns.PADDING_BLOCK, response.length);
        OPTRecord opt = new Message(response).getOPT();
        assertEquals(List.of(3, 12), opt.getOptions().stream().map(EDNSOption::getCode).toList());
        assertEquals(Rcode.NOERROR, new Message(response).getHeader().getRcode());
    }

    @Test
    void nothingIsPaddedWithoutTlsOrWithoutAsking() {
        int plain = respond(query("www.example.", Type.A)).length;
        assertEquals(plain, respond(query("www.example.", Type.A, PADDING)).length);
        Client _ = client.tcp(IDLE);
        assertEquals(plain, respond(query("www.example.", Type.A, PADDING)).length);
        Client _ = client.tls(TLS, IDLE);
        assertEquals(plain, respond(query("www.example.", Type.A)).length);
        assertNotEquals(plain, respond(query("www.example.", Type.A, PADDING)).length);
    }

    @Test
    void theSignatureCountsAndCoversThePadding() throws IOException {
        Client _ = client.tls(TLS, IDLE);
        TSIG key =
                new TSIG(
                        TSIG.HMAC_SHA256,
                        Name.fromConstantString("k.example."),
                        new SecretKeySpec(SECRET, "HmacSHA256"));
        Message query = query("www.example.", Type.A, PADDING);
        query.setTSIG(key, Rcode.NOERROR, null);
        byte[] request = query.toWire(65_535);
        byte[] response = respond(request, 65_535);
        assertEquals(0, response.length % Edns.PADDING_BLOCK);
        Message message = new Message(response);
        TSIGRecord asked = new Message(request).getTSIG();
        assertEquals(Rcode.NOERROR, key.verify(message, response, asked, true));
    }

    /// The last block is shorter when the message may not be longer.
    @Test
    void paddingNeverMakesAMessageTooLong() throws IOException {
        Client _ = client.tls(TLS, IDLE);
        int plain = respond(query("www.example.", Type.A)).length;
        for (int room = Math.max(plain, Responder.RESPONSE_OCTETS_MIN); room < 1_000; room++) {
            byte[] response = respond(query("www.example.", Type.A, PADDING).toWire(), room);
            assertTrue(response.length <= room, "room " + room);
            assertEquals(Edns.PADDING_BLOCK, response.length);
        }
        int large = respond(query("large.example.", Type.TXT)).length;
        for (int room = large; room < large + 20; room++) {
            byte[] response = respond(query("large.example.", Type.TXT, PADDING).toWire(), room);
            assertEquals(room < large + 4 ? large : room, response.length);
            assertEquals(Rcode.NOERROR, new Message(response).getRcode());
        }
    }
}
