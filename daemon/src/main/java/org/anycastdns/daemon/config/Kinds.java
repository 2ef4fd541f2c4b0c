package org.anycastdns.daemon.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.anycastdns.daemon.config.Kind.Form;
import org.anycastdns.daemon.config.Kind.Parser;
import org.jspecify.annotations.Nullable;

/// The table of types that a single value can have. A program adds its own types to [#STANDARD]. An
/// enumeration needs no row: its values are its names in lower case with dashes.
public final class Kinds {

    /// The types that any program has.
    public static final Kinds STANDARD = new Kinds(standard());

    private final Map<Class<?>, Kind> kinds;

    private Kinds(Map<Class<?>, Kind> kinds) {
        this.kinds = Map.copyOf(kinds);
    }

    /// Returns a table with one more type. If the parser throws an IllegalArgumentException, the
    /// operator reads `must be DESCRIPTION, not 'TEXT'`.
    ///
    /// @param describe what a value is, with an article, e.g. `a prefix, e.g. 192.0.2.0/24`
    public <T> Kinds with(Class<T> type, String describe, Function<String, T> parser) {
        return with(
                type,
                new Kind(describe, Form.TEXT, List.of(), false, (text, _) -> parser.apply(text)));
    }

    /// Returns a table with one more type, whose parser throws IllegalArgumentExceptions with
    /// complete messages for the operator, e.g. `must be ..., not ...`.
    ///
    /// @param describe what a value is, with an article
    public <T> Kinds explained(Class<T> type, String describe, Function<String, T> parser) {
        return with(
                type,
                new Kind(describe, Form.TEXT, List.of(), true, (text, _) -> parser.apply(text)));
    }

    /// Returns a table with one more type, which is written as a number or as a text. If the parser
    /// throws an IllegalArgumentException, the operator reads `must be DESCRIPTION, not 'TEXT'`.
    ///
    /// @param describe what a value is, with an article
    public <T> Kinds number(Class<T> type, String describe, Function<String, T> parser) {
        return with(
                type,
                new Kind(describe, Form.NUMBER, List.of(), false, (text, _) -> parser.apply(text)));
    }

    /// Returns a table with one more enumeration, some of whose words need a message of their own.
    ///
    /// @param parser as of [#explained]
    public <T extends Enum<T>> Kinds words(Class<T> type, Function<String, T> parser) {
        List<String> words = words(type);
        return with(
                type, new Kind(or(words), Form.TEXT, words, true, (text, _) -> parser.apply(text)));
    }

    private Kinds with(Class<?> type, Kind kind) {
        Map<Class<?>, Kind> more = new HashMap<>(kinds);
        more.put(type, kind);
        return new Kinds(more);
    }

    /// Returns whether a type is one of a single value, and not a group of options.
    public boolean knows(Class<?> type) {
        return find(type) != null;
    }

    /// Returns the row of a type.
    Kind of(Class<?> type) {
        Kind kind = find(type);
        if (kind == null) {
            throw new IllegalStateException("no option can be a " + type);
        }
        return kind;
    }

    private @Nullable Kind find(Class<?> type) {
        Kind kind = kinds.get(type);
        return kind == null && type.isEnum() ? enumeration(type) : kind;
    }

    private static Map<Class<?>, Kind> standard() {
        Kind integer =
                new Kind(
                        "a whole number",
                        Form.INTEGER,
                        List.of(),
                        false,
                        (text, _) -> Integer.valueOf(text));
        Parser truth = (text, _) -> word(List.of(true, false), List.of("true", "false"), text);
        Kind wholeLong =
                new Kind(
                        "a whole number",
                        Form.INTEGER,
                        List.of(),
                        false,
                        (text, _) -> Long.valueOf(text));
        return Map.ofEntries(
                Map.entry(int.class, integer),
                Map.entry(Integer.class, integer),
                Map.entry(long.class, wholeLong),
                Map.entry(Long.class, wholeLong),
                Map.entry(
                        boolean.class,
                        new Kind("true or false", Form.TRUTH, List.of(), false, truth)),
                Map.entry(String.class, explained("text", (text, _) -> text)),
                Map.entry(
                        Duration.class,
                        explained("a duration", (text, _) -> Durations.parse(text))),
                Map.entry(Size.class, explained("a size", (text, _) -> Size.of(text))),
                Map.entry(Path.class, explained("a path", Kinds::path)),
                Map.entry(Secret.class, explained("a secret text", (text, _) -> new Secret(text))),
                Map.entry(
                        Secret.InFile.class,
                        explained("a file with the secret", Secret.InFile::read)));
    }

    private static Kind explained(String describe, Parser parser) {
        return new Kind(describe, Form.TEXT, List.of(), true, parser);
    }

    private static Path path(String text, Path folder) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("must not be empty");
        }
        try {
            return folder.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("must be a path, not '" + text + "'", e);
        }
    }

    private static Kind enumeration(Class<?> type) {
        List<String> words = words(type);
        List<?> constants = Arrays.asList(type.getEnumConstants());
        return new Kind(
                or(words), Form.TEXT, words, false, (text, _) -> word(constants, words, text));
    }

    private static List<String> words(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant ->
                        ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
    }

    private static Object word(List<?> values, List<String> words, String text) {
        int at = words.indexOf(text);
        if (at < 0) {
            throw new IllegalArgumentException("none of " + words);
        }
        return values.get(at);
    }

    private static String or(List<String> words) {
        int last = words.size() - 1;
        return last == 0
                ? words.getFirst()
                : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }
}
