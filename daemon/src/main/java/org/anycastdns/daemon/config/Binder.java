package org.anycastdns.daemon.config;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.daemon.config.Declaration.Shape;
import org.anycastdns.daemon.config.Setting.Items;
import org.anycastdns.daemon.config.Setting.Keys;
import org.anycastdns.daemon.config.Setting.Pair;
import org.anycastdns.daemon.config.Setting.Text;
import org.jspecify.annotations.Nullable;

/// Creates a record from keys and values, option by option. All problems are collected, so that the
/// operator sees them at once. A method that reported a problem returns null; so does an option
/// that is absent.
final class Binder {

    private static final Place DEFAULT = Place.of("default");
    private static final Path HERE = Path.of("");

    private final Kinds kinds;
    private final Report report;
    private int faults;

    Binder(Kinds kinds, Report report) {
        this.kinds = kinds;
        this.report = report;
    }

    /// Returns the record of all options, or null if there was a problem.
    <C extends Record> @Nullable C bind(Class<C> type, Keys keys) {
        report.place("", keys.place());
        Object made = group(new Shape.Group(type, Declaration.of(type, kinds)), keys, "");
        return made == null ? null : type.cast(made);
    }

    private @Nullable Object group(Shape.Group group, Keys keys, String path) {
        int before = faults;
        for (Pair key : keys.keys()) {
            if (group.options().stream().noneMatch(option -> option.key().equals(key.name()))) {
                report.problem(key.place(), UnknownKey.text(key, path, group.options()));
                faults++;
            }
        }
        @Nullable Object[] values = new Object[group.options().size()];
        for (int i = 0; i < values.length; i++) {
            Declaration option = group.options().get(i);
            String at = path.isEmpty() ? option.key() : path + "." + option.key();
            Setting written = keys.find(option.key());
            values[i] = written == null ? unset(option, keys, at) : value(option, written, at);
        }
        return faults > before ? null : construct(group.type(), Arrays.asList(values).iterator());
    }

    private @Nullable Object unset(Declaration option, Keys keys, String path) {
        if (option.isRequired() || needsDetection(option)) {
            report.problem(keys.place(), path, "is missing: " + summary(option.option().value()));
            faults++;
            return null;
        }
        return switch (option.shape()) {
            case Shape.Listed(Shape entry) ->
                    option.isOptional()
                            ? List.of()
                            : list(entry, option.option(), fallback(option), path);
            case Shape.Mapped _ -> Map.of();
            case Shape.Group group ->
                    option.isOptional() ? null : group(group, none(keys.place()), path);
            case Shape.Single single ->
                    option.isOptional()
                            ? null
                            : single(single, option.option(), defaultText(option), path);
        };
    }

    /// Returns whether only detection can set an option, and did not.
    private static boolean needsDetection(Declaration option) {
        return !option.option().detected().isEmpty()
                && option.option().byDefault().equals(Option.REQUIRED);
    }

    /// Returns the first sentence of a text.
    private static String summary(String text) {
        int end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end + 1);
    }

    private static Text defaultText(Declaration option) {
        return new Text(DEFAULT, option.option().byDefault(), HERE);
    }

    private static Items fallback(Declaration option) {
        return new Items(
                DEFAULT,
                Arrays.stream(option.option().byDefault().split(" ", -1))
                        .<Setting>map(text -> new Text(DEFAULT, text, HERE))
                        .toList());
    }

    private static Keys none(Place place) {
        return new Keys(place, List.of());
    }

    private @Nullable Object value(Declaration option, Setting written, String path) {
        report.place(path, written.place());
        return switch (option.shape()) {
            case Shape.Listed(Shape entry) -> list(entry, option.option(), written, path);
            case Shape.Mapped mapped -> map(mapped, option.option(), written, path);
            case Shape.Group group -> written(group, option, written, path);
            case Shape.Single single -> single(single, option.option(), written, path);
        };
    }

    /// Binds a group that may have a short form: one value for the key that may stand alone, or for
    /// an optional group `true` (all defaults) and `false` (none).
    private @Nullable Object written(
            Shape.Group group, Declaration option, Setting written, String path) {
        String alone = option.option().alone();
        if (written instanceof Keys keys) {
            return group(group, keys, path);
        }
        if (written instanceof Text && !alone.isEmpty()) {
            return group(group, only(alone, written), path);
        }
        if (written instanceof Text(Place place, String text, Path _) && option.isOptional()) {
            if (text.equals("true")) {
                return group(group, none(place), path);
            }
            return text.equals("false")
                    ? null
                    : fault(
                            written,
                            path,
                            "must be true, false or the keys %s, not '%s'"
                                    .formatted(keys(group), text));
        }
        return fault(
                written,
                path,
                alone.isEmpty()
                        ? "must be the keys " + keys(group)
                        : "must be one value or the keys " + keys(group));
    }

    /// Returns the long form of one value without keys.
    private static Keys only(String key, Setting value) {
        return new Keys(value.place(), List.of(new Pair(value.place(), key, value)));
    }

    private static String keys(Shape.Group group) {
        return String.join(", ", group.options().stream().map(Declaration::key).toList());
    }

    private @Nullable Object list(Shape entry, Option option, Setting written, String path) {
        // One item may be written without a list.
        if (!(written instanceof Items || written instanceof Text)
                || (written instanceof Text
                        && entry instanceof Shape.Group
                        && option.alone().isEmpty())) {
            return fault(written, path, "must be a list, e.g. [ ... ]");
        }
        List<Setting> items = written instanceof Items some ? some.items() : List.of(written);
        if (items.size() < option.entriesMin() || items.size() > option.entriesMax()) {
            return fault(
                    written,
                    path,
                    "must have %d to %d entries, not %d"
                            .formatted(option.entriesMin(), option.entriesMax(), items.size()));
        }
        int before = faults;
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String at = path + "[" + i + "]";
            report.place(at, items.get(i).place());
            Object value = entry(entry, option, items.get(i), at);
            // Words may be arguments of a command; everything else would be a mistake.
            if (value != null && !(value instanceof String) && values.contains(value)) {
                fault(items.get(i), at, "is listed twice");
            } else if (value != null) {
                values.add(value);
            }
        }
        return faults > before ? null : List.copyOf(values);
    }

    private @Nullable Object entry(Shape entry, Option option, Setting written, String path) {
        return switch (entry) {
            case Shape.Single single -> single(single, option, written, path);
            case Shape.Group group -> {
                if (written instanceof Keys keys) {
                    yield group(group, keys, path);
                }
                yield written instanceof Text && !option.alone().isEmpty()
                        ? group(group, only(option.alone(), written), path)
                        : fault(written, path, "must be the keys " + keys(group));
            }
            case Shape.Listed _, Shape.Mapped _ ->
                    throw new IllegalStateException(path + ": no list of lists");
        };
    }

    private @Nullable Object map(Shape.Mapped mapped, Option option, Setting written, String path) {
        if (!(written instanceof Keys keys)) {
            return fault(written, path, "must be 'key: value' lines");
        }
        Map<Object, Object> values = new LinkedHashMap<>();
        int before = faults;
        for (Pair pair : keys.keys()) {
            Text word = new Text(pair.place(), pair.name(), HERE);
            Object key = single(mapped.key(), option, word, path);
            String at = path + "." + pair.name();
            report.place(at, pair.value().place());
            Object value = entry(mapped.value(), option, pair.value(), at);
            if (key != null && value != null && values.putIfAbsent(key, value) != null) {
                fault(word, path, "'%s' is listed twice".formatted(pair.name()));
            }
        }
        // In the order of the file, which may mean something.
        return faults > before ? null : Collections.unmodifiableMap(values);
    }

    private @Nullable Object single(
            Shape.Single single, Option option, Setting written, String path) {
        if (!(written instanceof Text(Place _, String text, Path folder))) {
            return fault(written, path, "must be " + single.kind().describe());
        }
        try {
            Object value = single.kind().parse(text, folder);
            String fault = Limits.of(option, single).fault(value, text);
            return fault == null ? value : fault(written, path, fault);
        } catch (IllegalArgumentException e) {
            return fault(written, path, String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Object fault(Setting written, String path, String text) {
        if (written.place().equals(DEFAULT)) {
            throw new IllegalStateException("the default of " + path + ": " + text);
        }
        faults++;
        // What could not be read has been reported with its reason.
        if (!(written instanceof Setting.Unreadable)) {
            report.problem(written.place(), path, text);
        }
        return null;
    }

    /// Creates a record from the values of its options; an inlined record takes those of its own.
    private static Object construct(Class<?> type, Iterator<@Nullable Object> values) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        @Nullable Object[] arguments = new Object[components.length];
        for (int i = 0; i < arguments.length; i++) {
            Option option = components[i].getAnnotation(Option.class);
            arguments[i] =
                    option != null && option.inline() ? construct(types[i], values) : values.next();
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make " + type, e);
        }
    }
}
