package org.anycastdns.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.List;
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
