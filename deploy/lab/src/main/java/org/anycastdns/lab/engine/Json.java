package org.anycastdns.lab.engine;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON value. It is written from maps, lists, numbers and strings, and read with paths instead
/// of casts.
///
/// @param value a Map, List, String, Number, Boolean or null
public record Json(@Nullable Object value) {

    /// The result of reading a value that does not exist.
    public static final Json NOTHING = new Json(null);

    /// Parses a text. Returns {@link #NOTHING} if it is not JSON.
    public static Json parse(String text) {
        try {
            return new Json(JSON.std.anyFrom(text));
        } catch (IOException notJson) {
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

    /// Returns the JSON text of maps, lists, strings, numbers, booleans and null; of anything else
    /// the text as a string.
    public static String text(@Nullable Object value) {
        try {
            return JSON.std.asString(plain(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Returns a value that Jackson writes as it stands. JSON has no infinite numbers.
    private static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Json json -> plain(json.value());
            case Double number when !Double.isFinite(number) -> null;
            case Number number -> number;
            case Boolean truth -> truth;
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                map.forEach((name, member) -> members.put(name + "", plain(member)));
                yield members;
            }
            case Iterable<?> elements -> {
                List<@Nullable Object> list = new ArrayList<>();
                elements.forEach(element -> list.add(plain(element)));
                yield list;
            }
            default -> value.toString();
        };
    }
}
