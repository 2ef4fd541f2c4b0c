package org.anycastdns.server.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import org.anycastdns.server.serve.CookieSecrets.Secret;
import org.anycastdns.server.serve.ServerCookie.Verdict;
import org.anycastdns.server.wire.Query;
import org.junit.jupiter.api.Test;

/// Server cookies: the test vectors of RFC 9018 appendix A, and what is accepted.
class ServerCookieTest {

    private static final Secret SECRET = secret("e5e973e5a6b2a43f48e7dc849e37bfcf");
    private static final Secret OLD = secret("dd3bdf9344b678b185a6f5cb60fca715");
    private static final Secret NEW = secret("445536bcd2513298075a5d379663c962");
    private static final long MADE = 1_559_731_985;
    private static final String COOKIE = "2464c4abcf10c957010000005cf79f111f8130c3eee29480";

    private final Client client = new Client().ipv4(0xc6336464);

    private static Secret secret(String hex) {
        return new Secret(
                Long.parseUnsignedLong(hex, 0, 16, 16), Long.parseUnsignedLong(hex, 16, 32, 16));
    }

    private static CookieSecrets secrets(Secret current, Secret... accepted) {
        return new CookieSecrets(current, List.of(accepted));
    }

    private static Query query(String cookie) {
        byte[] message =
                HexFormat.of()
                        .parseHex(
                                "000000000000000000000001"
                                        + "00002902000000000000%02x000a00%02x"
                                                .formatted(
                                                        cookie.length() / 2 + 4,
                                                        cookie.length() / 2)
                                        + cookie);
        Query query = new Query();
        var _ = query.parse(MemorySegment.ofArray(message), message.length);
        return query;
    }

    private static String reply(ServerCookie cookie, Query query) {
        return "%016x%016x%016x".formatted(query.clientCookie(), cookie.head(), cookie.hash());
    }

    private void check(
            CookieSecrets secrets, String sent, long now, Verdict verdict, String expected) {
        ServerCookie cookie = new ServerCookie(secrets);
        Query query = query(sent);
        assertEquals(verdict, cookie.take(query, client.at(now)));
        assertEquals(expected, reply(cookie, query));
    }

    @Test
    void aNewClientLearnsACookie_rfc9018AppendixA1() {
        check(secrets(SECRET), "2464c4abcf10c957", MADE, Verdict.NEW, COOKIE);
    }

    @Test
    void aCookieOfFortyMinutesIsRenewed_rfc9018AppendixA2() {
        check(
                secrets(SECRET),
                COOKIE,
                1_559_734_385,
                Verdict.VALID,
                "2464c4abcf10c957010000005cf7a871d4a564a1442aca77");
    }

    @Test
    void reservedOctetsCountForTheHash_rfc9018AppendixA3() {
        client.ipv4(0xcb0071cb);
        String sent = "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5";
        check(secrets(SECRET), sent, 1_559_727_985, Verdict.VALID, sent);
        // The answer of the appendix comes nearly two hours later.
        check(
                secrets(SECRET),
                sent,
                1_559_734_700,
                Verdict.INVALID,
                "fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e");
    }

    @Test
    void theSecretIsRolledOver_rfc9018AppendixA4() {
        client.ipv6(0x20010db802200001L, 0x59ded0f4876982b8L);
        check(
                secrets(NEW, OLD),
                "22681ab97d52c298010000005cf7c57926556bd0934c72f8",
                1_559_741_961,
                Verdict.VALID,
                "22681ab97d52c298010000005cf7c609a6bb79d16625507a");
    }

    @Test
    void aRecentCookieIsGivenBack() {
        check(secrets(SECRET), COOKIE, MADE + 1_800, Verdict.VALID, COOKIE);
        check(secrets(SECRET), COOKIE, MADE - 300, Verdict.VALID, COOKIE);
    }

    @Test
    void cookiesTooOldOrTooFarAheadAreInvalid_rfc9018Section4_3() {
        assertEquals(Verdict.VALID, verdict(COOKIE, MADE + 3_600));
        assertEquals(Verdict.INVALID, verdict(COOKIE, MADE + 3_601));
        assertEquals(Verdict.INVALID, verdict(COOKIE, MADE - 301));
    }

    @Test
    void forgedCookiesAreInvalidAndReplaced() {
        String forged = COOKIE.substring(0, 47) + "1";
        check(secrets(SECRET), forged, MADE, Verdict.INVALID, COOKIE);
        check(secrets(OLD), COOKIE, MADE, Verdict.INVALID, reply(OLD));
        String otherVersion = COOKIE.substring(0, 16) + "02" + COOKIE.substring(18);
        check(secrets(SECRET), otherVersion, MADE, Verdict.INVALID, COOKIE);
        client.ipv4(0xc6336465);
        assertEquals(Verdict.INVALID, verdict(COOKIE, MADE));
    }

    @Test
    void cookiesOfOtherKindsOfServersAreInvalid() {
        assertEquals(Verdict.INVALID, verdict(COOKIE.substring(0, 32), MADE));
        assertEquals(Verdict.INVALID, verdict(COOKIE + "00".repeat(16), MADE));
    }

    private String reply(Secret secret) {
        ServerCookie cookie = new ServerCookie(secrets(secret));
        Query query = query("2464c4abcf10c957");
        var _ = cookie.take(query, client.at(MADE));
        return reply(cookie, query);
    }

    private Verdict verdict(String sent, long now) {
        return new ServerCookie(secrets(SECRET)).take(query(sent), client.at(now));
    }
}
