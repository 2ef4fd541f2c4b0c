package org.anycastdns.announcer.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/// Reads a configuration file.
public final class ConfigFile {

    /// A configuration is a page; what is larger than this is another file given by mistake.
    private static final int BYTES_MAX = 1 << 20;

    /// What reading gave.
    public sealed interface Loaded {}

    /// A configuration to run with.
    ///
    /// @param config the options
    /// @param warnings what is allowed and probably not meant
    public record Valid(Config config, List<Problem> warnings) implements Loaded {}

    /// Nothing to run with.
    ///
    /// @param problems every mistake, in the order of the file
    public record Invalid(List<Problem> problems) implements Loaded {}

    private ConfigFile() {}

    /// Reads, binds and validates a file.
    public static Loaded load(Path file) {
        String name = file.toString();
        try {
            if (Files.size(file) > BYTES_MAX) {
                return invalid(name, "is larger than " + BYTES_MAX + " bytes");
            }
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            return parse(name, text);
        } catch (NoSuchFileException _) {
            return invalid(name, "no such file");
        } catch (CharacterCodingException _) {
            return invalid(name, "is not UTF-8 text");
        } catch (IOException e) {
            return invalid(name, "cannot be read: " + e);
        }
    }

    /// Binds and validates a text.
    ///
    /// @param name what the text is called in messages
    public static Loaded parse(String name, String text) {
        List<Problem> problems = new ArrayList<>();
        Node root;
        try {
            root = compose(name, text);
        } catch (MarkedYamlEngineException e) {
            return new Invalid(List.of(syntax(name, e)));
        } catch (YamlEngineException e) {
            return invalid(name, "is not YAML: " + e.getMessage());
        }
        if (root == null) {
            return invalid(name, "is empty");
        }
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

    private static @Nullable Node compose(String name, String text) {
        LoadSettings settings =
                LoadSettings.builder().setLabel(name).setMaxAliasesForCollections(0).build();
        Optional<Node> root = new Compose(settings).composeString(text);
        return root.orElse(null);
    }

    private static Problem syntax(String name, MarkedYamlEngineException e) {
        int line = e.getProblemMark().map(Mark::getLine).orElse(-1) + 1;
        int column = e.getProblemMark().map(Mark::getColumn).orElse(-1) + 1;
        return new Problem(name, line, column, "is not YAML: " + e.getProblem());
    }

    private static Invalid invalid(String name, String text) {
        return new Invalid(List.of(new Problem(name, 0, 0, text)));
    }
}
