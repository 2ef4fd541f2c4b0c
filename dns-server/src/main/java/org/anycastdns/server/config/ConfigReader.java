package org.anycastdns.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.anycastdns.server.config.Setting.Items;
import org.anycastdns.server.config.Setting.Keys;
import org.anycastdns.server.config.Setting.Pair;
import org.anycastdns.server.config.Setting.Text;
import org.jspecify.annotations.Nullable;

/// Reads the configuration. Flags override the file, the file overrides values detected from the
/// machine, and those override the defaults.
public final class ConfigReader {

    private ConfigReader() {}

    /// The result of reading a configuration.
    public sealed interface Outcome {
        /// The configuration is valid.
        record Valid(Config config) implements Outcome {}

        /// The configuration has mistakes: one line for each, at least one, with its place and what
        /// is wrong.
        record Invalid(List<String> mistakes) implements Outcome {}
    }

    /// Reads the configuration.
    ///
    /// @param file the YAML file, or null if there is none
    /// @param flags values from the command line, by the option's key
    /// @param machine values that the program detects; called only if an option is not set
    ///   otherwise
    public static Outcome read(
            @Nullable Path file,
            Map<String, List<String>> flags,
            Map<String, Supplier<List<String>>> machine) {
        List<String> mistakes = new ArrayList<>();
        Keys written = file == null ? new Keys("", List.of()) : ConfigFile.read(file, mistakes);
        List<Pair> keys = new ArrayList<>();
        flags.forEach((name, values) -> keys.add(key("--" + name, name, values)));
        for (Pair key : written.keys()) {
            if (!flags.containsKey(key.name())) {
                keys.add(key);
            }
        }
        machine.forEach((name, values) -> {
            if (!flags.containsKey(name) && written.find(name) == null) {
                keys.add(key("this machine", name, values.get()));
            }
        });
        if (mistakes.isEmpty()) {
            Config config = new Binder(mistakes).bind(Config.class, new Keys("", keys));
            if (config != null) {
                return new Outcome.Valid(config);
            }
        }
        return new Outcome.Invalid(List.copyOf(mistakes));
    }

    private static Pair key(String where, String name, List<String> values) {
        Path folder = Path.of("").toAbsolutePath();
        List<Setting> texts =
                values.stream().<Setting>map(text -> new Text(where, text, folder)).toList();
        return new Pair(where, name, texts.size() == 1 ? texts.get(0) : new Items(where, texts));
    }
}
