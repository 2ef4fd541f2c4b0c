package org.anycastdns.daemon.config;

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
import org.anycastdns.daemon.config.Setting.Items;
import org.anycastdns.daemon.config.Setting.Keys;
import org.anycastdns.daemon.config.Setting.Pair;
import org.anycastdns.daemon.config.Setting.Text;
import org.anycastdns.daemon.config.Setting.Unreadable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// Reads YAML into [Setting]s that know their places.
final class SettingReader {

    private final String source;
    private final Path folder;
    private final Placeholders placeholders;
    private final Report report;

    /// Creates a reader.
    ///
    /// @param source the name of the text in messages
    /// @param folder where relative paths begin
    SettingReader(String source, Path folder, Placeholders placeholders, Report report) {
        this.source = source;
        this.folder = folder;
        this.placeholders = placeholders;
        this.report = report;
    }

    /// Reads a file. A file without a value has no keys.
    static Keys read(Path file, Placeholders placeholders, Report report) {
        String name = file.toString();
        Path folder = file.toAbsolutePath().getParent();
        SettingReader reader =
                new SettingReader(
                        name,
                        folder == null ? file.toAbsolutePath() : folder,
                        placeholders,
                        report);
        String problem;
        try {
            return reader.keys(YamlText.read(file));
        } catch (NoSuchFileException _) {
            problem = "there is no such file";
        } catch (AccessDeniedException _) {
            problem = "may not be read by this user";
        } catch (IOException e) {
            problem = "cannot be read: " + e;
        }
        report.problem(Place.of(name), problem);
        return new Keys(Place.of(name), List.of());
    }

    /// Returns the keys of a text.
    Keys keys(Outcome outcome) {
        switch (outcome) {
            case Outcome.Problem(int line, int column, String text) ->
                    report.problem(new Place(source, line, column), text);
            case Outcome.Tree(Optional<Node> root) -> {
                if (root.isPresent() && root.get() instanceof MappingNode mapping) {
                    return keys(mapping);
                }
                root.ifPresent(node ->
                        report.problem(place(node), "the file must have 'key: value' lines"));
            }
        }
        return new Keys(Place.of(source), List.of());
    }

    private Setting setting(Node node) {
        return switch (node) {
            case MappingNode mapping -> keys(mapping);
            case SequenceNode sequence ->
                    new Items(
                            place(node), sequence.getValue().stream().map(this::setting).toList());
            case ScalarNode scalar -> text(node, scalar.getValue());
            default -> new Text(place(node), "", folder);
        };
    }

    private Setting text(Node node, String written) {
        try {
            return new Text(place(node), placeholders.fill(written), folder);
        } catch (IllegalArgumentException e) {
            report.problem(place(node), String.valueOf(e.getMessage()));
            return new Unreadable(place(node));
        }
    }

    private Keys keys(MappingNode mapping) {
        List<Pair> keys = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node key = tuple.getKeyNode();
            if (key instanceof ScalarNode twin && !names.add(twin.getValue())) {
                report.problem(place(key), "key '" + twin.getValue() + "' is given twice");
            } else if (key instanceof ScalarNode name) {
                keys.add(new Pair(place(key), name.getValue(), setting(tuple.getValueNode())));
            } else {
                report.problem(place(key), "a key must be a word");
            }
        }
        return new Keys(place(mapping), keys);
    }

    private Place place(Node node) {
        return node.getStartMark().map(this::place).orElse(Place.of(source));
    }

    private Place place(Mark mark) {
        return new Place(source, mark.getLine() + 1, mark.getColumn() + 1);
    }
}
