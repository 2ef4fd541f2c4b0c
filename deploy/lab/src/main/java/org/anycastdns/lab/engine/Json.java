package org.anycastdns.lab.engine;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// A value of JSON: written from maps, lists, numbers and texts, and read with paths instead of
/// casts.
///
/// @param value a Map, List, String, Number, Boolean or null
public record Json(@Nullable Object value) {

    /// What is read when there is nothing.
    public static final Json NOTHING = new Json(null);

    /// The value of a text; nothing when it is no JSON. YAML, whose parser reads it, contains JSON.
    public static Json parse(String text) {
        try {
            return new Json(new Load(LoadSettings.builder().build()).loadFromString(text));
        } catch (YamlEngineException notJson) {
            return NOTHING;
        }
    }

    /// The member of a name, or the element of a number; nothing when there is none.
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

    /// The elements of a list; none when it is not a list.
    public List<Json> list() {
        return value instanceof List<?> list
                ? list.stream().map(e -> new Json(e)).toList()
                : List.of();
    }

    /// The text, "" when there is nothing.
    public String text() {
        return value == null ? "" : value.toString();
    }

    /// The number, 0 when it is none.
    public double number() {
        return value instanceof Number number ? number.doubleValue() : 0;
    }

    /// Whether it is there and true.
    public boolean yes() {
        return Boolean.TRUE.equals(value);
    }

    /// The JSON text of maps, lists, texts, numbers, truth values and null.
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
