package org.anycastdns.lab.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.anycastdns.testkit.Seeded;
import org.junit.jupiter.api.Test;

/// What a client keeps of a response.
class ReplyTest {

    /// SOA of example, serial 41, answered by "ams", with one record in the authority section.
    private static final String GOOD =
            "1234 8400 0001 0001 0001 0001 07 6578616d706c65 00 0006 0001"
                    + "c00c 0006 0001 0000012c 001a 0161c00c c00c"
                    + "00000029 00000001 00000001 00000001 00000001"
                    + "c00c 0002 0001 0000012c 0004 0161c00c"
                    + "00 0029 04d0 00000000 0007 0003 0003 616d73";

    private static ByteBuffer octets(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @Test
    void thePopAndTheSerialOfAGoodAnswerAreKept() {
        assertEquals(new Reply(0x1234, "ams", 41), Reply.parse(octets(GOOD)));
        assertEquals(-1, Reply.parse(octets(GOOD.replace("8400", "8402"))).serial());
        assertEquals(-1, Reply.parse(octets(GOOD.replace("8400", "8000"))).serial());
    }

    @Test
    void noOctetsMakeItThrow() {
        Seeded run = new Seeded(20_261_122, 20_000);
        run.feed(80, (octets, _) -> Reply.parse(ByteBuffer.wrap(octets)));
        SplittableRandom random = run.random();
        byte[] good = octets(GOOD).array();
        for (int i = 0; i < run.count(); i++) {
            byte[] damaged = good.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            Reply.parse(ByteBuffer.wrap(damaged, 0, random.nextInt(damaged.length)).slice());
        }
    }

    @Test
    void aQuestionAsksForTheSoaWithNsid() {
        assertEquals(
                "1234000000010000000000010765"
                        + "78616d706c6503636f6d0000060001000029"
                        + "04d000000000000400030000",
                HexFormat.of().formatHex(Reply.question(0x1234, "example.com")));
    }
}
