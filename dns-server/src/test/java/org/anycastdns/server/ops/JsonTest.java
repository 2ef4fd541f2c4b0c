package org.anycastdns.server.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Values to JSON text.
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
                "\"a\\\"b\\\\c\\n\\t\\u0000\\u007f\\u00e9\\ud83d\\ude00\"",
                Json.write("a\"b\\c\n\t\0\u007f\u00e9\ud83d\ude00"));
    }

    @Test
    void otherKindsOfValuesAreABug() {
        assertThrows(IllegalArgumentException.class, () -> Json.write(1.5));
    }
}
