package org.anycastdns.server.zone.build;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Nsec3Hash;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The hashes of the example zone in RFC 5155 appendix A: salt AABBCCDD, 12 iterations.
class Nsec3HashTest {

    private static final byte[] SALT = HexFormat.of().parseHex("aabbccdd");
    private static final int ITERATIONS = 12;
    private static final Name APEX = Name.of("example.");

    @ParameterizedTest
    @CsvSource({
        "example., 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom",
        "a.example., 35mthgpgcu1qg68fab165klnsnk3dpvl",
        "ai.example., gjeqe526plbf1g8mklp59enfd789njgi",
        "ns1.example., 2t7b4g4vsa5smi47k61mv5bv1a22bojr",
        "x.w.example., b4um86eghhds6nea196smvmlo4ors995",
        "*.w.example., r53bq7cc2uvmubfu5ocmm6pers9tk9en",
        "xx.example., t644ebqk9bibcna874givr6joj62mlhv"
    })
    void hashesAreThoseOfTheRfc(String name, String label) {
        byte[] folded = Name.of(name).folded();
        byte[] hash = new Nsec3Hash().of(folded, 0, folded.length, SALT, ITERATIONS);
        assertArrayEquals(Nsec3Fields.ownerHash(Name.of(label, APEX), APEX), hash);
    }

    @ParameterizedTest
    @ValueSource(strings = {"www", "wp9mhaveqvm6t7vbl5lop2u3t2rp3tom", "0p9m"})
    void otherLabelsAreNoHashes(String label) {
        assertEquals(0, Nsec3Fields.ownerHash(Name.of(label, APEX), APEX).length);
    }
}
