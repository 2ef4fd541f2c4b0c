package org.anycastdns.daemon;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.jr.ob.JSON;
import com.fasterxml.jackson.jr.ob.JSONObjectException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads and writes JSON (RFC 8259). Written text is ASCII, and members keep their order.
public final class Json {

    private static final JSON JACKSON =
            JSON.builder(
                            JsonFactory.builder()
                                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                                    .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
                                    .build())
                    .enable(JSON.Feature.FAIL_ON_UNKNOWN_TYPE_WRITE)
                    .disable(JSON.Feature.HANDLE_JAVA_BEANS)
                    .disable(JSON.Feature.FAIL_ON_DUPLICATE_MAP_KEYS)
                    .build();

    private Json() {}

    /// Returns an object with its members in the given order: name, value, name, value.
    public static Map<String, Object> object(Object... members) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < members.length; i += 2) {
            object.put((String) members[i], members[i + 1]);
        }
        return object;
    }

    /// Returns maps, lists, strings, numbers and booleans as JSON on one line.
    ///
    /// @throws IllegalArgumentException for a value of another type
    public static String write(Object value) {
        return write(JACKSON, value);
    }

    /// Returns JSON for people: a line for each member and entry, and a line end.
    ///
    /// @throws IllegalArgumentException as in [#write]
    public static String indented(Object value) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        Separators separators =
                Separators.createDefaultInstance()
                        .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                        .withObjectEmptySeparator("")
                        .withArrayEmptySeparator("");
        DefaultPrettyPrinter printer =
                new DefaultPrettyPrinter(separators)
                        .withObjectIndenter(indenter)
                        .withArrayIndenter(indenter);
        return write(JACKSON.with(printer), value) + "\n";
    }

    private static String write(JSON jackson, Object value) {
        try {
            return jackson.asString(value);
        } catch (JSONObjectException e) {
            throw new IllegalArgumentException("no JSON for a " + value.getClass(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns the JSON text of a value as bytes, with a line end.
    public static byte[] line(Object value) {
        return (write(value) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /// Writes the JSON text of a value, with a line end. An Iterable in it is an array, whose
    /// elements are made and written one by one. The stream stays open.
    public static void line(Object value, OutputStream out) throws IOException {
        try (JsonGenerator generator = JACKSON.getStreamingFactory().createGenerator(out)) {
            JACKSON.write(value, generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET));
        }
        out.write('\n');
    }

    /// Returns the object in a JSON text, or null if the text is something else or no JSON. The
    /// text may be hostile: Jackson limits nesting and the length of numbers.
    public static @Nullable Map<String, Object> read(String text) {
        try {
            return JACKSON.anyFrom(text) instanceof Map<?, ?> map ? strings(map) : null;
        } catch (IOException | IllegalArgumentException | StackOverflowError _) {
            return null;
        }
    }

    @SuppressWarnings("unchecked") // the keys of JSON objects are strings
    private static Map<String, Object> strings(Map<?, ?> map) {
        return (Map<String, Object>) map;
    }
}
