package org.anycastdns.daemon.config;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.anycastdns.daemon.YamlText;
import org.anycastdns.daemon.config.Setting.Items;
import org.anycastdns.daemon.config.Setting.Keys;
import org.anycastdns.daemon.config.Setting.Pair;
import org.anycastdns.daemon.config.Setting.Text;
import org.jspecify.annotations.Nullable;

/// All options of a program.
///
/// @param <C> the record of all options
/// @param program the program's name
/// @param type the record of all options, each component an [Option]
/// @param kinds the types that single values have
/// @param rules how options must fit together
public record OptionSet<C extends Record>(
        String program, Class<C> type, Kinds kinds, Rules<C> rules) {

    /// Reads a configuration file.
    public Loaded<C> read(Path file) {
        return read(file, Map.of(), Map.of());
    }

    /// Reads the configuration. A flag overrides the file, which overrides what the program
    /// detects.
    ///
    /// @param file the YAML file, or null if there is none
    /// @param flags values from the command line, by the option's key
    /// @param detected values that the program detects; called only if an option is not set
    ///   otherwise
    public Loaded<C> read(
            @Nullable Path file,
            Map<String, List<String>> flags,
            Map<String, Supplier<List<String>>> detected) {
        Report report = new Report();
        Keys written =
                file == null
                        ? new Keys(Place.NOWHERE, List.of())
                        : SettingReader.read(file, new Placeholders(System::getenv), report);
        return bound(written, flags, detected, report);
    }

    /// Reads a text as a configuration file.
    ///
    /// @param name the name of the text in messages
    /// @param environment returns the value of an environment variable, or null
    public Loaded<C> parse(
            String name, String text, Function<String, @Nullable String> environment) {
        Report report = new Report();
        SettingReader reader =
                new SettingReader(
                        name, Path.of("").toAbsolutePath(), new Placeholders(environment), report);
        return bound(reader.keys(YamlText.parse(name, text)), Map.of(), Map.of(), report);
    }

    /// Returns the key of an option in the file: `routerId` is `router-id`.
    public static String key(RecordComponent component) {
        return Declaration.key(component);
    }

    /// Returns whether a component has no key, because its options are those of its group.
    public static boolean isInlined(RecordComponent component) {
        Option option = component.getAnnotation(Option.class);
        return option != null && option.inline();
    }

    /// Returns the options, in the order of the record.
    public List<Declaration> options() {
        return Declaration.of(type, kinds);
    }

    private Loaded<C> bound(
            Keys written,
            Map<String, List<String>> flags,
            Map<String, Supplier<List<String>>> detected,
            Report report) {
        List<String> required =
                options().stream().filter(Declaration::isRequired).map(Declaration::key).toList();
        boolean empty = written.keys().isEmpty();
        if (empty && report.count() == 0 && flags.isEmpty() && !isNowhere(written)) {
            report.problem(written.place(), "is empty; it must set " + String.join(", ", required));
        }
        if (!empty || report.count() == 0) {
            C config = new Binder(kinds, report).bind(type, merged(written, flags, detected));
            if (config != null) {
                rules.check(config, report);
                if (report.count() == 0) {
                    return new Loaded.Valid<>(config, report.warnings());
                }
            }
        }
        return new Loaded.Invalid<>(report.problems());
    }

    private static boolean isNowhere(Keys written) {
        return written.place().equals(Place.NOWHERE);
    }

    private static Keys merged(
            Keys written,
            Map<String, List<String>> flags,
            Map<String, Supplier<List<String>>> detected) {
        List<Pair> keys = new ArrayList<>();
        flags.forEach((name, values) -> keys.add(pair("--" + name, name, values)));
        for (Pair key : written.keys()) {
            if (!flags.containsKey(key.name())) {
                keys.add(key);
            }
        }
        detected.forEach((name, values) -> {
            if (!flags.containsKey(name) && written.find(name) == null) {
                keys.add(pair("this machine", name, values.get()));
            }
        });
        return new Keys(written.place(), keys);
    }

    private static Pair pair(String source, String name, List<String> values) {
        Place place = Place.of(source);
        Path folder = Path.of("").toAbsolutePath();
        List<Setting> texts =
                values.stream().<Setting>map(text -> new Text(place, text, folder)).toList();
        return new Pair(
                place, name, texts.size() == 1 ? texts.getFirst() : new Items(place, texts));
    }
}
