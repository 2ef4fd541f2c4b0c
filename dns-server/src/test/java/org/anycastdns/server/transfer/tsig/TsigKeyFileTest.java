package org.anycastdns.server.transfer.tsig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.anycastdns.server.wire.Name;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// The forms of files with keys.
class TsigKeyFileTest {

    private static final Name NAME = Name.of("k.example.");
    private static final byte[] SECRET = {1, 2, 3, -1};

    private static TsigKey parse(String text) {
        return TsigKeyFile.parse(NAME, null, text);
    }

    private static String mistake(Executable reads) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, reads).getMessage());
    }

    private static String mistake(String text) {
        String message = mistake(() -> parse(text));
        assertFalse(message.contains("AQID"), message);
        return message;
    }

    @Test
    void theSecretMayBeAlone() {
        assertEquals(new TsigKey(NAME, TsigAlgorithm.HMAC_SHA256, SECRET), parse("AQID/w==\n"));
    }

    @Test
    void keyStatementsOfOthersAreRead() {
        TsigKey key = new TsigKey(NAME, TsigAlgorithm.HMAC_SHA512, SECRET);
        assertEquals(
                key,
                parse(
                        """
                        // made by hand
                        key other { secret "eA=="; algorithm hmac-md5; };
                        /* the one
                           that counts */
                        key "K.Example." { # here
                            algorithm HMAC-SHA512;
                            secret "AQID/w==";
                        };
                        """));
        assertEquals(
                new TsigKey(NAME, TsigAlgorithm.HMAC_SHA256, 16, SECRET),
                parse("key k.example {algorithm hmac-sha256-128;secret AQID/w==;};"));
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        for (TsigAlgorithm algorithm : TsigAlgorithm.values()) {
            for (int octets : new int[] {algorithm.macOctets(), algorithm.macOctetsMin()}) {
                TsigMethod method = new TsigMethod(algorithm, octets);
                assertEquals(method, TsigMethod.of(method.word()));
                assertEquals(
                        new TsigKey(NAME, algorithm, octets, SECRET),
                        parse(TsigKeyFile.text(NAME, method, SECRET)));
            }
        }
    }

    @Test
    void mistakesDoNotRepeatTheSecret() {
        assertTrue(mistake("").contains("no secret"));
        assertTrue(mistake("AQID!").contains("not base64"));
        assertTrue(mistake("key x { secret AQID; };").contains("[x.]"));
        assertTrue(mistake("key k.example { secret AQID }").contains("';' is missing"));
        assertTrue(mistake("key k.example { algorithm AQ; secret AQID; };").contains("one of"));
        assertTrue(mistake("key k.example { };").contains("no secret"));
        String differs =
                mistake(() ->
                        TsigKeyFile.parse(
                                NAME,
                                TsigMethod.of("hmac-sha1"),
                                "key k.example { algorithm hmac-md5; secret AQID; };"));
        assertTrue(differs.contains("hmac-md5"), differs);
    }

    @Test
    void anyTextIsAKeyOrAMistake() {
        long seed = Long.getLong("anycastdns.keys.seed", 20261205);
        Random random = new Random(seed);
        String[] words = {
            "key", "k.example", "{", "}", ";", "secret", "algorithm", "AQID", "\"", "/*"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(12); j >= 0; j--) {
                text.append(words[random.nextInt(words.length)]).append(' ');
            }
            try {
                parse(text.toString());
            } catch (IllegalArgumentException expected) {
                assertFalse(
                        String.valueOf(expected.getMessage()).isEmpty(),
                        "seed %d, round %d".formatted(seed, i));
            }
        }
    }
}
