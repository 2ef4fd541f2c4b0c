package org.anycastdns.daemon.reference;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/// Writes maps, lists, texts, numbers and truth values as indented JSON.
final class JsonText {

    private final StringBuilder text = new StringBuilder();

    private JsonText() {}

    /// Returns the JSON text with a line break at the end.
    static String of(Object value) {
        JsonText json = new JsonText();
        json.write(value, "\n");
        return json.text.append('\n').toString();
    }

    private void write(Object value, String line) {
        switch (value) {
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    text.append(separator).append(line).append("  ");
                    quote(String.valueOf(entry.getKey()));
                    text.append(": ");
                    write(entry.getValue(), line + "  ");
                    separator = ",";
                }
                text.append(map.isEmpty() ? "{" : line).append('}');
            }
            case List<?> list -> {
                String separator = "[";
                for (Object entry : list) {
                    text.append(separator).append(line).append("  ");
                    write(entry, line + "  ");
                    separator = ",";
                }
                text.append(list.isEmpty() ? "[" : line).append(']');
            }
            case String string -> quote(string);
            default -> text.append(value);
        }
    }

    private void quote(String string) {
        try {
            text.append(JSON.std.asString(string));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
