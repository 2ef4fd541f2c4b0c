package org.anycastdns.server.ops;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes JSON (RFC 8259): maps, lists, strings, numbers and booleans as one line of ASCII.
public final class Json {

    private Json() {}

    /// Returns an object with its members in the given order: name, value, name, value.
    public static Map<String, Object> object(Object... members) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < members.length; i += 2) {
            object.put((String) members[i], members[i + 1]);
        }
        return object;
    }

    /// Returns the JSON text of a value.
    ///
    /// @throws IllegalArgumentException for a value of another type
    public static String write(Object value) {
        StringBuilder text = new StringBuilder();
        write(value, text);
        return text.toString();
    }

    private static void write(Object value, StringBuilder text) {
        switch (value) {
            case Map<?, ?> map -> members(map, text);
            case List<?> list -> items(list, text);
            case String string -> string(string, text);
            case Long number -> text.append(number.longValue());
            case Integer number -> text.append(number.intValue());
            case Boolean truth -> text.append(truth.booleanValue());
            default -> throw new IllegalArgumentException("no JSON for a " + value.getClass());
        }
    }

    private static void members(Map<?, ?> map, StringBuilder text) {
        text.append('{');
        Iterator<? extends Map.Entry<?, ?>> members = map.entrySet().iterator();
        while (members.hasNext()) {
            Map.Entry<?, ?> member = members.next();
            string(String.valueOf(member.getKey()), text);
            text.append(':');
            write(member.getValue(), text);
            text.append(members.hasNext() ? "," : "");
        }
        text.append('}');
    }

    private static void items(List<?> list, StringBuilder text) {
        text.append('[');
        for (int i = 0; i < list.size(); i++) {
            text.append(i == 0 ? "" : ",");
            write(list.get(i), text);
        }
        text.append(']');
    }

    private static void string(String string, StringBuilder text) {
        text.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < 0x20 || c > 0x7e) {
                        text.append("\\u%04x".formatted((int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
