package org.anycastdns.server.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.anycastdns.server.transfer.update.UpdateMessages;
import org.anycastdns.testkit.Document;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Repository;
import org.anycastdns.testkit.TestCertificate;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;

/// The clients of section 3 of the specification of transfers, as they read and write, with the
/// configurations of docs/operate/updates.md and the built program.
class UpdateClientsIT {

    private static final String SECRET = "c2VjcmV0IG9mIHRoZSB0ZXN0IG9mIHRyYW5zZmVycyE=";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String NAME = "ns1.example.org";

    /// Debian's interpreter, which has the package python3-dnspython.
    private static final String PYTHON = "/usr/bin/python3";

    @TempDir private Path folder;

    @BeforeEach
    void write() throws IOException {
        Path zones = Files.createDirectories(folder.resolve("zones"));
        Files.writeString(
                zones.resolve("example.org.zone"),
                """
                $TTL 300
                @ IN SOA ns1 hostmaster 1 3600 600 1209600 300
                @ IN NS ns1
                ns1 IN A 192.0.2.53
                www IN A 192.0.2.1
                sub IN NS ns.sub
                ns.sub IN A 192.0.2.54
                """);
    }

    /// Returns a configuration of the page, for this folder.
    private String page(String heading) throws IOException {
        String code = Document.read("docs/operate/updates.md").code(heading);
        String yaml =
                code.lines()
                        .dropWhile(line -> !line.startsWith("zones:"))
                        .takeWhile(line -> line.startsWith(" ") || line.matches("[a-z]+:.*"))
                        .filter(line -> !line.startsWith("zones:"))
                        .collect(Collectors.joining("\n", "", "\n"));
        assertTrue(yaml.contains("secret-file"), () -> "no configuration: " + code);
        return yaml.replace("/var/lib/anycast-dns", folder.toString());
    }

    private Server server(String configuration, String... more)
            throws IOException, InterruptedException {
        for (String key : List.of("nsupdate", "external-dns", "cert-manager", "transfer")) {
            Files.writeString(folder.resolve(key + ".key"), SECRET + "\n");
        }
        int port = Repository.freePort();
        int adminPort = Repository.freePort();
        List<String> line = Server.arguments(folder.resolve("zones"), port, adminPort);
        line.addAll(
                List.of(
                        "--config",
                        Files.writeString(folder.resolve("server.yaml"), configuration)
                                .toString()));
        line.addAll(List.of(more));
        Program program = Program.start(line);
        try {
            program.awaitLine("^ready", Server.START_LIMIT);
        } catch (AssertionError | InterruptedException failure) {
            program.close();
            throw failure;
        }
        return new Server(program, port, adminPort);
    }

    private static void assertAnswers(String expected, Server server, String name, int type)
            throws InterruptedException {
        assertEquals(
                expected,
                Eventually.seen(name, LIMIT, () -> server.answer(name, type), expected::equals));
    }

    private String run(List<String> line) throws IOException, InterruptedException {
        try (Program program = Program.run(LIMIT, line)) {
            String text = program.text(Program.Stream.OUT) + program.text(Program.Stream.ERR);
            assertEquals(0, program.awaitExit(LIMIT), text);
            return text;
        }
    }

    /// The lines of the page, which name the zone.
    @ParameterizedTest
    @ValueSource(strings = {"nsupdate", "knsupdate"})
    void theLinesOfThePage(String client) throws IOException, InterruptedException {
        try (Server server = server(page("Who may change what"))) {
            String lines =
                    Document.read("docs/operate/updates.md")
                            .code("nsupdate")
                            .replace(
                                    "server 192.0.2.53",
                                    "server 127.0.0.1 %d".formatted(server.port()))
                            .replace("A 192.0.2.1", "A 192.0.2.77");
            Path script = Files.writeString(folder.resolve("script"), lines);
            String key = "hmac-sha256:nsupdate:" + SECRET;
            var _ = run(List.of(Tools.require(client), "-y", key, script.toString()));
            assertAnswers("NOERROR 192.0.2.77", server, "www.example.org.", Type.A);
        }
    }

    /// Without a zone nsupdate asks for the SOA record of the name, signed, and takes the zone from
    /// the authority section of NXDOMAIN. Without an algorithm it signs with HMAC-MD5.
    @ParameterizedTest
    @ValueSource(strings = {"-d", "-v"})
    void nsupdateFindsTheZone(String option) throws IOException, InterruptedException {
        String md5 = page("Who may change what").replace("hmac-sha256", "hmac-md5");
        try (Server server = server(md5)) {
            Path script =
                    Files.writeString(
                            folder.resolve("script"),
                            "server 127.0.0.1 %d\nupdate add x.y.z.example.org 60 A 192.0.2.9\nsend\n"
                                    .formatted(server.port()));
            var _ =
                    run(
                            List.of(
                                    Tools.require("nsupdate"),
                                    option,
                                    "-y",
                                    "hmac-md5:nsupdate:" + SECRET,
                                    script.toString()));
            assertAnswers("NOERROR 192.0.2.9", server, "x.y.z.example.org.", Type.A);
        }
    }

    /// octoDNS (dnspython): AXFR with the key, then up to 1,000 changes in a message over TCP.
    @Test
    void octoDnsWithDnspython() throws IOException, InterruptedException {
        String configuration =
                page("Who may change what")
                        .replace(
                                "    allow-update:",
                                "    allow-transfer: [{key: nsupdate}]\n    allow-update:");
        Path script =
                Files.writeString(
                        folder.resolve("octo.py"),
                        """
                        import sys
                        import dns.query, dns.rcode, dns.tsigkeyring, dns.update, dns.zone
                        port = int(sys.argv[1])
                        keys = dns.tsigkeyring.from_text({"nsupdate": sys.argv[2]})
                        options = dict(keyring=keys, keyname="nsupdate", keyalgorithm="hmac-sha256")
                        def send(update):
                            reply = dns.query.tcp(update, "127.0.0.1", port=port, timeout=60)
                            assert reply.rcode() == dns.rcode.NOERROR, reply
                        def read():
                            stream = dns.query.xfr("127.0.0.1", "example.org", port=port, lifetime=60, relativize=False, **options)
                            return dns.zone.from_xfr(stream, relativize=False)
                        before = read()
                        assert before.get_rdataset("example.org.", "SOA") is not None
                        assert before.get_rdataset("example.org.", "NS") is not None
                        adds = dns.update.Update("example.org", **options)
                        for i in range(1000):
                            adds.add("h%d" % i, 300, "A", "10.0.%d.%d" % (i // 256, i % 256))
                        send(adds)
                        replaces = dns.update.Update("example.org", **options)
                        replaces.delete("www", "A")
                        replaces.add("www", 60, "A", "192.0.2.2")
                        replaces.delete("h0", "A", "10.0.0.0")
                        send(replaces)
                        """);
        try (Server server = server(configuration)) {
            var _ =
                    run(
                            List.of(
                                    PYTHON,
                                    script.toString(),
                                    Integer.toString(server.port()),
                                    SECRET));
            assertAnswers("NOERROR 192.0.2.2", server, "www.example.org.", Type.A);
            assertAnswers("NOERROR 10.0.3.231", server, "h999.example.org.", Type.A);
            assertAnswers("NXDOMAIN", server, "h0.example.org.", Type.A);
        }
    }

    /// terraform reads by signed queries, and NS records of a delegation from the authority
    /// section.
    @Test
    void terraformReadsBySignedQueries() throws IOException, InterruptedException {
        TSIG key = new TSIG(TSIG.HMAC_SHA256, "nsupdate.", SECRET);
        try (Server server = server(page("Who may change what"))) {
            for (boolean tcp : new boolean[] {false, true}) {
                SimpleResolver resolver = new SimpleResolver("127.0.0.1");
                resolver.setPort(server.port());
                resolver.setTSIGKey(key);
                resolver.setTCP(tcp);
                resolver.setTimeout(Duration.ofSeconds(30));
                Message www = resolver.send(query("www.example.org.", Type.A));
                assertTrue(www.isVerified(), www::toString);
                assertEquals("192.0.2.1", data(www, Section.ANSWER));
                Message sub = resolver.send(query("sub.example.org.", Type.NS));
                assertTrue(sub.isVerified(), sub::toString);
                assertEquals("ns.sub.example.org.", data(sub, Section.AUTHORITY));
                // One message deletes and adds; destroying is the delete of the set.
                Message changed =
                        resolver.send(
                                UpdateMessages.message(
                                        "example.org.",
                                        "delete sub.example.org. NS ns.sub.example.org.",
                                        "add sub.example.org. 3600 NS ns.sub.example.org."));
                assertEquals(Rcode.NOERROR, changed.getRcode(), changed::toString);
            }
        }
    }

    private static Message query(String name, int type) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
    }

    private static String data(Message message, int section) {
        return message.getSection(section).stream()
                .map(Record::rdataToString)
                .collect(Collectors.joining(" "));
    }

    /// external-dns and dnscontrol over TLS with ALPN `dot`: AXFR, then a message for each kind of
    /// change.
    @Test
    void externalDnsOverTls() throws Exception {
        TestCertificate own = TestCertificate.make(folder, NAME, "-1d", 30);
        int tlsPort = Repository.freePort();
        String configuration =
                page("external-dns")
                        + "tls: {listen: [\"127.0.0.1:%d\"], certificate: \"%s\", private-key: \"%s\"}\n"
                                .formatted(tlsPort, own.pem(), own.keyPem());
        TSIG key = new TSIG(TSIG.HMAC_SHA256, "external-dns.", SECRET);
        try (Server server = server(configuration);
                SSLSocket socket = socket(own, tlsPort)) {
            assertEquals("dot", socket.getApplicationProtocol());
            List<Message> transfer = asked(socket, key, query("example.org.", Type.AXFR));
            assertEquals(
                    7,
                    transfer.stream()
                            .mapToInt(each -> each.getSection(Section.ANSWER).size())
                            .sum());
            for (String[] lines :
                    new String[][] {
                        {
                            "add a.apps.example.org. 0 A 192.0.2.10",
                            "add a.apps.example.org. 0 TXT \"heritage=external-dns\""
                        },
                        {
                            "delete a.apps.example.org. A 192.0.2.10",
                            "add a.apps.example.org. 60 A 192.0.2.11"
                        },
                        {"delete a.apps.example.org. TXT \"heritage=external-dns\""}
                    }) {
                List<Message> replies =
                        asked(socket, key, UpdateMessages.message("example.org.", lines));
                assertEquals(Rcode.NOERROR, replies.getFirst().getRcode(), replies::toString);
            }
            assertAnswers("NOERROR 192.0.2.11", server, "a.apps.example.org.", Type.A);
            assertAnswers("NOERROR", server, "a.apps.example.org.", Type.TXT);
        }
    }

    private static SSLSocket socket(TestCertificate authority, int port) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("server", authority.certificate());
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, factory.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"dot"});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(30_000);
        socket.startHandshake();
        return socket;
    }

    /// Sends a request and returns the messages of its response, each of which must be signed.
    private static List<Message> asked(SSLSocket socket, TSIG key, Message request)
            throws IOException {
        key.apply(request, null);
        byte[] wire = request.toWire(65_535);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeShort(wire.length);
        out.write(wire);
        out.flush();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        TSIG.StreamVerifier verifier = new TSIG.StreamVerifier(key, request.getTSIG());
        List<Message> messages = new ArrayList<>();
        do {
            byte[] octets = in.readNBytes(in.readUnsignedShort());
            Message message = new Message(octets);
            assertEquals(Rcode.NOERROR, verifier.verify(message, octets), message::toString);
            messages.add(message);
        } while (isTransfer(request) && !isComplete(messages));
        return messages;
    }

    private static boolean isTransfer(Message request) {
        return request.getQuestion().getType() == Type.AXFR;
    }

    private static boolean isComplete(List<Message> messages) {
        return messages.stream()
                        .flatMap(each -> each.getSection(Section.ANSWER).stream())
                        .filter(record -> record.getType() == Type.SOA)
                        .count()
                == 2;
    }

    /// cert-manager over UDP with the key of the page, and with HMAC-MD5, its default.
    @ParameterizedTest
    @ValueSource(strings = {"hmac-sha256", "hmac-md5"})
    void certManager(String algorithm) throws IOException, InterruptedException {
        TSIG key =
                new TSIG(
                        algorithm.equals("hmac-md5") ? TSIG.HMAC_MD5 : TSIG.HMAC_SHA256,
                        "cert-manager.",
                        SECRET);
        String name = "_acme-challenge.www.example.org.";
        try (Server server = server(page("cert-manager").replace("hmac-sha256", algorithm))) {
            SimpleResolver resolver = new SimpleResolver("127.0.0.1");
            resolver.setPort(server.port());
            resolver.setTSIGKey(key);
            resolver.setTimeout(Duration.ofSeconds(30));
            String[] lines = {
                "add " + name + " 60 TXT \"token\"", "delete " + name + " TXT \"token\""
            };
            int[] rcodes = new int[lines.length];
            for (int i = 0; i < lines.length; i++) {
                rcodes[i] =
                        resolver.send(UpdateMessages.message("example.org.", lines[i])).getRcode();
            }
            assertArrayEquals(new int[] {Rcode.NOERROR, Rcode.NOERROR}, rcodes);
            assertEquals(
                    Rcode.REFUSED,
                    resolver.send(
                                    UpdateMessages.message(
                                            "example.org.", "add www.example.org. 60 TXT x"))
                            .getRcode());
        }
    }

    /// The way to edit a zone as a file, command by command.
    @Test
    void freezeExportAndThaw() throws IOException, InterruptedException {
        TSIG key = new TSIG(TSIG.HMAC_SHA256, "nsupdate.", SECRET);
        Path file = folder.resolve("zones/example.org.zone");
        try (Server server = server(page("Who may change what"))) {
            SimpleResolver resolver = new SimpleResolver("127.0.0.1");
            resolver.setPort(server.port());
            resolver.setTSIGKey(key);
            resolver.setTCP(true);
            resolver.setTimeout(Duration.ofSeconds(30));
            Message added =
                    resolver.send(
                            UpdateMessages.message(
                                    "example.org.", "add new.example.org. 60 TXT \"a b\""));
            assertEquals(Rcode.NOERROR, added.getRcode());
            assertAnswers("NOERROR \"a b\"", server, "new.example.org.", Type.TXT);
            assertCommand(0, "example.org. is frozen at serial 2", server, "freeze");
            assertEquals(
                    Rcode.REFUSED,
                    resolver.send(UpdateMessages.message("example.org.", "delete new.example.org."))
                            .getRcode());
            try (Program export =
                    server.command("zone", "export", "example.org", "--output", file.toString())) {
                assertEquals(0, export.awaitExit(LIMIT), export::tail);
            }
            try (var left = Files.list(file.getParent())) {
                assertEquals(List.of(file), left.toList());
            }
            // As exported, the file is the zone.
            assertCommand(0, "example.org. takes updates at serial 2", server, "thaw");
            assertCommand(0, "is frozen at serial 2", server, "freeze");
            String exported = Files.readString(file);
            Files.writeString(file, exported + "edited 60 IN A 192.0.2.88\n");
            assertCommand(1, "its serial 2 is not newer than 2", server, "thaw");
            Files.writeString(
                    file, exported.replace(" 2 3600 ", " 9 3600 ") + "edited 60 IN A 192.0.2.88\n");
            assertCommand(0, "example.org. takes updates at serial 9", server, "thaw");
            assertAnswers("NOERROR 192.0.2.88", server, "edited.example.org.", Type.A);
            assertAnswers("NOERROR \"a b\"", server, "new.example.org.", Type.TXT);
            assertTrue(server.page("/metrics").contains("dns_update_frozen_zones 0.0"));
        }
    }

    private static void assertCommand(int exit, String text, Server server, String verb)
            throws IOException, InterruptedException {
        try (Program command = server.command("zone", verb, "example.org")) {
            assertEquals(exit, command.awaitExit(LIMIT), command::tail);
            String all = command.text(Program.Stream.OUT) + command.text(Program.Stream.ERR);
            assertTrue(all.contains(text), all);
        }
    }
}
