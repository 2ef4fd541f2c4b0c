package org.anycastdns.announcer.config;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.anycastdns.daemon.YamlText;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads a configuration file.
public final class ConfigFile {

    /// The result of reading a configuration.
    public sealed interface Loaded {}

    /// A valid configuration.
    ///
    /// @param config the options
    /// @param warnings settings that are allowed but probably not intended
    public record Valid(Config config, List<Problem> warnings) implements Loaded {}

    /// An invalid configuration.
    ///
    /// @param problems all problems, in the order of the file
    public record Invalid(List<Problem> problems) implements Loaded {}

    private ConfigFile() {}

    /// Reads, binds and validates a file.
    public static Loaded load(Path file) {
        String name = file.toString();
        try {
            return loaded(name, YamlText.read(file));
        } catch (NoSuchFileException _) {
            return invalid(name, "no such file");
        } catch (IOException e) {
            return invalid(name, "cannot be read: " + e);
        }
    }

    /// Binds and validates a text.
    ///
    /// @param name the name of the text in messages
    public static Loaded parse(String name, String text) {
        return loaded(name, YamlText.parse(name, text));
    }

    private static Loaded loaded(String name, YamlText.Outcome outcome) {
        return switch (outcome) {
            case YamlText.Outcome.Problem(int line, int column, String text) ->
                    new Invalid(List.of(new Problem(name, line, column, text)));
            case YamlText.Outcome.Tree(Optional<Node> root) ->
                    root.map(node -> bound(name, node)).orElseGet(() -> invalid(name, "is empty"));
        };
    }

    private static Loaded bound(String name, Node root) {
        List<Problem> problems = new ArrayList<>();
        Binder binder = new Binder(name, problems);
        Config config = binder.bind(Config.class, root, "");
        if (config != null) {
            Rules.check(config, binder);
        }
        problems.sort(null);
        return config == null || !problems.isEmpty()
                ? new Invalid(List.copyOf(problems))
                : new Valid(config, Rules.warnings(config, name));
    }

    private static Invalid invalid(String name, String text) {
        return new Invalid(List.of(new Problem(name, 0, 0, text)));
    }
}
