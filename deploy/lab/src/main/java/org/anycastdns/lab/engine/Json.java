package org.anycastdns.lab.engine;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// A JSON value. It is written from maps, lists, numbers and strings, and read with paths instead
/// of casts.
///
/// @param value a Map, List, String, Number, Boolean or null
public record Json(@Nullable Object value) {

    /// The result of reading a value that does not exist.
    public static final Json NOTHING = new Json(null);

    /// Parses a text. Returns {@link #NOTHING} if it is not JSON. A YAML parser reads it, because
    /// YAML contains JSON.
    public static Json parse(String text) {
        try {
            return new Json(new Load(LoadSettings.builder().build()).loadFromString(text));
        } catch (YamlEngineException notJson) {
            return NOTHING;
        }
    }

    /// Returns the value at a path of member names and element indexes, or {@link #NOTHING}.
    public Json at(Object... path) {
        @Nullable Object found = value;
        for (Object step : path) {
            if (found instanceof Map<?, ?> map) {
                found = map.get(step);
            } else if (found instanceof List<?> list
                    && step instanceof Integer index
                    && index < list.size()) {
                found = list.get(index);
            } else {
                return NOTHING;
            }
        }
        return new Json(found);
    }

    /// Returns the elements of a list, or an empty list if this is not a list.
    public List<Json> list() {
        return value instanceof List<?> list
                ? list.stream().map(e -> new Json(e)).toList()
                : List.of();
    }

    /// Returns the value as a string, or "" if there is none.
    public String text() {
        return value == null ? "" : value.toString();
    }

    /// Returns the number, or 0 if this is not a number.
    public double number() {
        return value instanceof Number number ? number.doubleValue() : 0;
    }

    /// Returns whether the value is true.
    public boolean yes() {
        return Boolean.TRUE.equals(value);
    }

    /// Returns the JSON text of maps, lists, strings, numbers, booleans and null.
    public static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Json json -> text(json.value());
            case Double number when number.isNaN() || number.isInfinite() -> "null";
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            case Map<?, ?> map -> {
                StringJoiner members = new StringJoiner(",", "{", "}");
                map.forEach((name, member) -> members.add(quoted(name + "") + ":" + text(member)));
                yield members.toString();
            }
            case Iterable<?> elements -> {
                StringJoiner list = new StringJoiner(",", "[", "]");
                elements.forEach(element -> list.add(text(element)));
                yield list.toString();
            }
            default -> quoted(value.toString());
        };
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
