package org.anycastdns.server.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.anycastdns.daemon.YamlText;
import org.anycastdns.daemon.YamlText.Outcome;
import org.anycastdns.server.config.Setting.Items;
import org.anycastdns.server.config.Setting.Keys;
import org.anycastdns.server.config.Setting.Pair;
import org.anycastdns.server.config.Setting.Text;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// Reads a YAML file into {@link Setting}s that know their places.
final class ConfigFile {

    private final Path file;
    private final Path folder;
    private final List<String> mistakes;

    private ConfigFile(Path file, List<String> mistakes) {
        this.file = file;
        Path parent = file.toAbsolutePath().getParent();
        this.folder = parent == null ? file.toAbsolutePath() : parent;
        this.mistakes = mistakes;
    }

    /// Reads a file; an empty file has no keys.
    ///
    /// @param mistakes receives the mistakes in the file
    static Keys read(Path file, List<String> mistakes) {
        return new ConfigFile(file, mistakes).read();
    }

    private Keys read() {
        Keys empty = new Keys(file.toString(), List.of());
        try {
            switch (YamlText.read(file)) {
                case Outcome.Problem(int line, int column, String text) -> {
                    String place = line == 0 ? "" : ":" + line + ":" + column;
                    mistakes.add(file + place + ": " + text);
                }
                case Outcome.Tree(Optional<Node> root) -> {
                    if (root.isEmpty()) {
                        return empty;
                    }
                    if (root.get() instanceof MappingNode mapping) {
                        return keys(mapping);
                    }
                    mistakes.add(where(root.get()) + ": 'key: value' lines expected");
                }
            }
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
        Set<String> names = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node key = tuple.getKeyNode();
            if (key instanceof ScalarNode twin && !names.add(twin.getValue())) {
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
