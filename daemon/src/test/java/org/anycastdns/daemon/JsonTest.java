package org.anycastdns.daemon;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Values to JSON text and back.
class JsonTest {

    @Test
    void membersKeepTheirOrder() {
        assertEquals(
                "{\"b\":1,\"a\":[true,\"x\",{}],\"c\":4294967295}",
                Json.write(
                        Json.object(
                                "b", 1, "a", List.of(true, "x", Json.object()), "c", 4294967295L)));
    }

    @Test
    void whateverIsNotPlainTextIsEscaped() {
        assertEquals(
                "\"a\\\"b\\\\c\\n\\t\\u0000\\u00e9\\ud83d\\ude00\"",
                Json.write("a\"b\\c\n\t\0\u00e9\ud83d\ude00"));
    }

    @Test
    void indentedTextHasALineForEachMemberAndEntry() {
        assertEquals(
                """
                {
                  "b": 1,
                  "a": [
                    true,
                    {}
                  ],
                  "c": []
                }
                """,
                Json.indented(
                        Json.object("b", 1, "a", List.of(true, Json.object()), "c", List.of())));
    }

    /// A page of 20,000 zones must not be on the heap as a whole.
    @Test
    void elementsOfAnIterableAreMadeWhenTheyAreWritten() throws IOException {
        int elements = 10_000;
        AtomicInteger made = new AtomicInteger();
        List<Integer> madeAtWrite = new ArrayList<>();
        ByteArrayOutputStream out =
                new ByteArrayOutputStream() {
                    @Override
                    public synchronized void write(byte[] octets, int from, int length) {
                        madeAtWrite.add(made.get());
                        super.write(octets, from, length);
                    }
                };
        Iterable<Object> zones =
                () ->
                        IntStream.range(0, elements)
                                .<Object>mapToObj(_ -> {
                                    made.incrementAndGet();
                                    return Json.object("name", "a zone with a name");
                                })
                                .iterator();
        Json.line(Json.object("zones", zones), out);
        assertTrue(madeAtWrite.getFirst() < elements / 10, () -> "" + madeAtWrite);
        String text = out.toString(StandardCharsets.US_ASCII);
        assertTrue(text.endsWith("]}\n"), text);
        assertEquals(
                elements,
                ((List<?>) requireNonNull(requireNonNull(Json.read(text)).get("zones"))).size());
    }

    @Test
    void otherKindsOfValuesAreABug() {
        assertThrows(IllegalArgumentException.class, () -> Json.write(Instant.EPOCH));
        assertThrows(
                IllegalArgumentException.class,
                () -> Json.write(Json.object("at", List.of(Instant.EPOCH))));
    }

    @Test
    void anObjectIsRead() {
        assertEquals(
                Json.object(
                        "a", 1, "b", List.of(true, 4294967295L), "c", Json.object("d", "\u00e9")),
                Json.read("{\"a\":1,\"b\":[true,4294967295],\"c\":{\"d\":\"\\u00e9\"}}\n"));
    }

    @Test
    void whateverIsNoObjectIsNull() {
        for (String text :
                List.of(
                        "",
                        "[1]",
                        "7",
                        "{a: 1}",
                        "{\"a\":",
                        "<html>",
                        "{\"a\":" + "[".repeat(100_000),
                        "{\"a\":" + "9".repeat(100_000) + "}")) {
            assertNull(Json.read(text), text);
        }
    }
}
