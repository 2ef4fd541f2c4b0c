package org.anycastdns.server.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.daemon.Spelling;
import org.anycastdns.server.config.Setting.Items;
import org.anycastdns.server.config.Setting.Keys;
import org.anycastdns.server.config.Setting.Pair;
import org.anycastdns.server.config.Setting.Text;
import org.jspecify.annotations.Nullable;

/// Creates a record from keys and values: each component is an option, described by its {@link
/// Option}. All mistakes are collected, so that the operator sees them at once.
final class Binder {

    private final List<String> mistakes;

    /// Creates a binder that adds to a list of mistakes.
    Binder(List<String> mistakes) {
        this.mistakes = mistakes;
    }

    /// Returns the record, or null if there was a mistake.
    <R> @Nullable R bind(Class<R> type, Keys keys) {
        Object made = bind(type, keys, "");
        return mistakes.isEmpty() ? type.cast(made) : null;
    }

    private @Nullable Object bind(Class<?> type, Keys keys, String path) {
        RecordComponent[] components = type.getRecordComponents();
        for (Pair key : keys.keys()) {
            if (Arrays.stream(components).noneMatch(each -> key(each).equals(key.name()))) {
                mistakes.add(key.where() + ": " + unknown(key.name(), path, components));
            }
        }
        @Nullable Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = component(components[i], keys.find(key(components[i])), path);
        }
        if (Arrays.stream(values).anyMatch(Objects::isNull)) {
            return null;
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make " + type, e);
        }
    }

    private static String key(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String unknown(String name, String path, RecordComponent[] components) {
        String text = "unknown key '%s%s'".formatted(path, name);
        List<String> known = Arrays.stream(components).map(Binder::key).toList();
        String nearest = Spelling.nearest(name, known);
        return nearest == null
                ? text + "; the keys here are " + String.join(", ", known)
                : text + "; did you mean '%s%s'?".formatted(path, nearest);
    }

    private @Nullable Object component(
            RecordComponent component, @Nullable Setting written, String path) {
        String name = path + key(component);
        Option option = component.getAnnotation(Option.class);
        if (option == null) {
            throw new IllegalStateException(component + " is not described by @Option");
        }
        Class<?> type = component.getType();
        if (written == null && isRequired(type, option)) {
            mistakes.add("'%s' is not set, neither by a flag nor in a file".formatted(name));
            return null;
        }
        if (isGroup(type)) {
            return keys(type, written, name, option);
        }
        if (type == Map.class) {
            return map(component, written, name, option);
        }
        Setting setting = written == null ? fallback(option) : written;
        return type == List.class
                ? list(component, setting, name, option)
                : scalar(type, setting, name, option);
    }

    /// Returns whether a type is a group of options, and not a single value.
    private static boolean isGroup(Class<?> type) {
        return type.isRecord() && type.getRecordComponents()[0].isAnnotationPresent(Option.class);
    }

    /// Returns whether the operator must set an option. A group is not required, because its
    /// options have rules of their own, unless a single value can stand for one of them.
    private static boolean isRequired(Class<?> type, Option option) {
        return isGroup(type)
                ? !option.alone().isEmpty()
                : option.otherwise().isEmpty() && type != Map.class;
    }

    private @Nullable Object keys(
            Class<?> type, @Nullable Setting written, String name, Option option) {
        if (written == null) {
            return bind(type, new Keys(name, List.of()), name + ".");
        }
        if (written instanceof Keys keys) {
            return bind(type, keys, name + ".");
        }
        if (option.alone().isEmpty()) {
            return mistake(written, name, "'key: value' lines expected");
        }
        if (!(written instanceof Text)) {
            return mistake(written, name, "one value or 'key: value' lines expected");
        }
        Pair alone = new Pair(written.where(), option.alone(), written);
        return bind(type, new Keys(written.where(), List.of(alone)), name + ".");
    }

    private @Nullable Object map(
            RecordComponent component, @Nullable Setting written, String name, Option option) {
        if (written == null) {
            return Map.of();
        }
        if (!(written instanceof Keys keys)) {
            return mistake(written, name, "'key: value' lines expected");
        }
        var generic = (ParameterizedType) component.getGenericType();
        Class<?> keyType = (Class<?>) generic.getActualTypeArguments()[0];
        Class<?> valueType = (Class<?>) generic.getActualTypeArguments()[1];
        Map<Object, Object> values = new LinkedHashMap<>();
        int before = mistakes.size();
        for (Pair pair : keys.keys()) {
            Text word = new Text(pair.where(), pair.name(), Path.of(""));
            Object key = scalar(keyType, word, name, option);
            Object value = scalar(valueType, pair.value(), name + "." + pair.name(), option);
            if (key != null && value != null && values.putIfAbsent(key, value) != null) {
                mistake(word, name, "'%s' stands twice".formatted(pair.name()));
            }
        }
        return mistakes.size() == before ? Map.copyOf(values) : null;
    }

    private static Setting fallback(Option option) {
        return new Text("default", option.otherwise(), Path.of("").toAbsolutePath());
    }

    private @Nullable Object list(
            RecordComponent component, Setting setting, String name, Option option) {
        var generic = (ParameterizedType) component.getGenericType();
        Class<?> type = (Class<?>) generic.getActualTypeArguments()[0];
        // A single item may be written without a dash.
        List<Setting> items = setting instanceof Items some ? some.items() : List.of(setting);
        if (items.isEmpty()) {
            return mistake(setting, name, "the list is empty");
        }
        List<Object> values = new ArrayList<>();
        for (Setting item : items) {
            Object value = scalar(type, item, name, option);
            if (value != null && values.contains(value)) {
                mistake(item, name, "stands twice");
            } else if (value != null) {
                values.add(value);
            }
        }
        return values.size() == items.size() ? List.copyOf(values) : null;
    }

    private @Nullable Object scalar(Class<?> type, Setting setting, String name, Option option) {
        if (!(setting instanceof Text(String _, String text, Path folder))) {
            return mistake(setting, name, "one value expected");
        }
        try {
            Object value = Values.of(type, text, folder);
            return inRange(type, value, option)
                    ? value
                    : mistake(setting, name, outOfRange(text, option, type));
        } catch (IllegalArgumentException e) {
            return mistake(setting, name, String.valueOf(e.getMessage()));
        }
    }

    private static boolean inRange(Class<?> type, Object value, Option option) {
        return (option.min().isEmpty() || size(value) >= limit(type, option.min()))
                && (option.max().isEmpty() || size(value) <= limit(type, option.max()));
    }

    private static long limit(Class<?> type, String text) {
        return type == String.class
                ? Long.parseLong(text)
                : size(Values.of(type, text, Path.of("")));
    }

    /// Returns the number that limits apply to: octets of a text, milliseconds of a duration, or
    /// the number itself.
    private static long size(Object value) {
        return switch (value) {
            case String text -> text.getBytes(StandardCharsets.UTF_8).length;
            case Duration duration -> duration.toMillis();
            case Size octets -> octets.octets();
            case Number number -> number.longValue();
            default -> throw new IllegalStateException(value.getClass() + " has no size");
        };
    }

    private static String outOfRange(String text, Option option, Class<?> type) {
        return type == String.class
                ? "must have %s to %s octets"
                        .formatted(option.min().isEmpty() ? "0" : option.min(), option.max())
                : "%s is not in %s to %s".formatted(text, option.min(), option.max());
    }

    private @Nullable Object mistake(Setting setting, String name, String text) {
        // The name of a flag already is the option's name.
        String option = setting.where().equals("--" + name) ? "" : ": " + name;
        mistakes.add(setting.where() + option + ": " + text);
        return null;
    }
}
