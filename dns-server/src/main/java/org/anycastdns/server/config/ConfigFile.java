package org.anycastdns.server.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.anycastdns.server.config.Setting.Items;
import org.anycastdns.server.config.Setting.Keys;
import org.anycastdns.server.config.Setting.Pair;
import org.anycastdns.server.config.Setting.Text;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// Reads a YAML file into {@link Setting}s that know their places.
final class ConfigFile {

    /// Far more than all options with comments need; keeps a wrong file from filling memory.
    private static final int OCTETS_MAX = 1 << 20;

    private final Path file;
    private final Path folder;
    private final List<String> mistakes;

    private ConfigFile(Path file, List<String> mistakes) {
        this.file = file;
        Path parent = file.toAbsolutePath().getParent();
        this.folder = parent == null ? file.toAbsolutePath() : parent;
        this.mistakes = mistakes;
    }

    /// Reads a file; an empty one has no keys.
    ///
    /// @param mistakes receives what is wrong with it
    static Keys read(Path file, List<String> mistakes) {
        return new ConfigFile(file, mistakes).read();
    }

    private Keys read() {
        Keys empty = new Keys(file.toString(), List.of());
        try {
            if (Files.size(file) > OCTETS_MAX) {
                mistakes.add(file + ": is larger than " + OCTETS_MAX + " octets");
                return empty;
            }
            LoadSettings settings =
                    LoadSettings.builder()
                            .setLabel(file.toString())
                            .setAllowDuplicateKeys(true)
                            .build();
            Optional<Node> root = new Compose(settings).composeString(Files.readString(file));
            if (root.isEmpty()) {
                return empty;
            }
            if (root.get() instanceof MappingNode mapping) {
                return keys(mapping);
            }
            mistakes.add(where(root.get()) + ": 'key: value' lines expected");
        } catch (MarkedYamlEngineException e) {
            String where = e.getProblemMark().map(this::where).orElse(file.toString());
            mistakes.add(where + ": not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            mistakes.add(file + ": not YAML: " + e.getMessage());
        } catch (MalformedInputException e) {
            mistakes.add(file + ": is not text in UTF-8");
        } catch (NoSuchFileException e) {
            mistakes.add(file + ": there is no such file");
        } catch (AccessDeniedException e) {
            mistakes.add(file + ": may not be read by this user");
        } catch (IOException e) {
            mistakes.add(file + ": cannot be read: " + e.getMessage());
        }
        return empty;
    }

    private Setting setting(Node node) {
        return switch (node) {
            case MappingNode mapping -> keys(mapping);
            case SequenceNode sequence ->
                    new Items(
                            where(node), sequence.getValue().stream().map(this::setting).toList());
            case ScalarNode scalar -> new Text(where(node), scalar.getValue(), folder);
            default -> new Text(where(node), "", folder);
        };
    }

    private Keys keys(MappingNode mapping) {
        List<Pair> keys = new ArrayList<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node key = tuple.getKeyNode();
            if (key instanceof ScalarNode twin
                    && keys.stream().anyMatch(each -> each.name().equals(twin.getValue()))) {
                mistakes.add(where(key) + ": '" + twin.getValue() + "' stands twice");
            } else if (key instanceof ScalarNode name) {
                keys.add(new Pair(where(key), name.getValue(), setting(tuple.getValueNode())));
            } else {
                mistakes.add(where(key) + ": a key must be a word");
            }
        }
        return new Keys(where(mapping), keys);
    }

    private String where(Node node) {
        return node.getStartMark().map(this::where).orElse(file.toString());
    }

    private String where(Mark mark) {
        return file + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
    }
}
