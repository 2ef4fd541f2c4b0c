package org.anycastdns.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// Reads YAML, and with it JSON, within limits. Whatever the text is, the result is its tree or one
/// problem with its place. It is never an exception, a stack overflow or exhausted memory. The
/// parser itself has no such limits, so its events are counted before a tree is built.
public final class YamlText {

    /// The largest file, far larger than any real configuration; it keeps a wrong file from filling
    /// memory.
    public static final int FILE_OCTETS_MAX = 1 << 20;

    /// Nesting depth; options nest five deep. The parser and code that walks the tree recurse once
    /// or twice per level.
    static final int DEPTH_MAX = 32;

    /// Keys, values, lists and mappings of a file, including those repeated by aliases: a hundred
    /// times more than the largest configuration has.
    static final int FILE_NODES_MAX = 100_000;

    private YamlText() {}

    /// The result of reading a text.
    public sealed interface Outcome {

        /// The tree; empty if the text holds only comments.
        record Tree(Optional<Node> root) implements Outcome {}

        /// Why there is no tree.
        ///
        /// @param line from 1; 0 if there is no place
        /// @param column from 1; 0 if there is no place
        record Problem(int line, int column, String text) implements Outcome {

            private static Problem at(Optional<Mark> mark, String text) {
                return new Problem(
                        mark.map(Mark::getLine).orElse(-1) + 1,
                        mark.map(Mark::getColumn).orElse(-1) + 1,
                        text);
            }
        }
    }

    /// Reads a configuration file of any file type: a pipe is read to its end, or to the limit.
    ///
    /// @throws IOException if the file cannot be read
    public static Outcome read(Path file) throws IOException {
        byte[] octets;
        try (InputStream in = Files.newInputStream(file)) {
            octets = in.readNBytes(FILE_OCTETS_MAX + 1);
        }
        if (octets.length > FILE_OCTETS_MAX) {
            return new Outcome.Problem(
                    0,
                    0,
                    "is larger than "
                            + FILE_OCTETS_MAX
                            + " octets, the most that a"
                            + " configuration may have");
        }
        CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer text = CharBuffer.allocate(octets.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(octets), text, true);
        text.flip();
        if (result.isError()) {
            return place(text, text.length(), "is not text in UTF-8");
        }
        return parse(file.toString(), text.toString());
    }

    /// Parses the text of a configuration.
    ///
    /// @param name the text's name in the parser's messages
    public static Outcome parse(String name, String text) {
        return parse(name, text, FILE_NODES_MAX);
    }

    /// Parses a text of any length.
    ///
    /// @param name the text's name in the parser's messages
    /// @param nodesMax the most keys, values, lists and mappings
    public static Outcome parse(String name, String text, int nodesMax) {
        int strange = firstNotPrintable(text);
        if (strange >= 0) {
            return place(
                    text,
                    strange,
                    "U+%04X is not allowed in a text file".formatted(text.codePointAt(strange)));
        }
        // This limit counts collections only; beyondBounds() limits everything that aliases repeat.
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(name)
                        .setAllowDuplicateKeys(true)
                        .setCodePointLimit(Integer.MAX_VALUE)
                        .setMaxAliasesForCollections(Integer.MAX_VALUE)
                        .build();
        try {
            Outcome.Problem beyond = beyondBounds(settings, text, nodesMax);
            return beyond != null
                    ? beyond
                    : new Outcome.Tree(new Compose(settings).composeString(text));
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            return Outcome.Problem.at(mark, "is not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            return new Outcome.Problem(0, 0, "is not YAML: " + e.getMessage());
        } catch (RuntimeException e) {
            // The parser itself has bugs for some hostile texts.
            return new Outcome.Problem(0, 0, "is not YAML: the parser gave up (" + e + ")");
        }
    }

    /// Checks the parser's events one by one, and stops at the first one beyond a limit.
    private static Outcome.@Nullable Problem beyondBounds(
            LoadSettings settings, String text, int nodesMax) {
        Deque<Open> open = new ArrayDeque<>();
        Map<Anchor, Long> sizes = new HashMap<>();
        long nodes = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            if (event instanceof AliasEvent alias) {
                Long size = sizes.get(alias.getAlias());
                if (size == null) {
                    return Outcome.Problem.at(
                            event.getStartMark(),
                            "alias *"
                                    + alias.getAlias()
                                    + ": there is no such anchor before it, or it is inside of"
                                    + " itself");
                }
                nodes += size;
            } else if (event instanceof NodeEvent node) {
                nodes++;
                if (event instanceof CollectionStartEvent) {
                    open.push(new Open(node.getAnchor(), nodes));
                } else {
                    node.getAnchor().ifPresent(anchor -> sizes.put(anchor, 1L));
                }
            } else if (event instanceof CollectionEndEvent) {
                Open ended = open.pop();
                long size = nodes - ended.before() + 1;
                ended.anchor().ifPresent(anchor -> sizes.put(anchor, size));
            }
            if (open.size() > DEPTH_MAX) {
                return Outcome.Problem.at(
                        event.getStartMark(), "is nested deeper than " + DEPTH_MAX + " levels");
            }
            if (nodes > nodesMax) {
                return Outcome.Problem.at(
                        event.getStartMark(),
                        "has more than %,d keys and values, repeated ones included"
                                .formatted(nodesMax));
            }
        }
        return null;
    }

    /// A list or mapping that has not ended.
    ///
    /// @param before the number of nodes up to and including its start
    private record Open(Optional<Anchor> anchor, long before) {}

    private static int firstNotPrintable(String text) {
        int at = 0;
        while (at < text.length()) {
            int character = text.codePointAt(at);
            // A byte order mark is allowed at the beginning.
            if (!StreamReader.isPrintable(character) && !(at == 0 && character == 0xfeff)) {
                return at;
            }
            at += Character.charCount(character);
        }
        return -1;
    }

    private static Outcome.Problem place(CharSequence text, int at, String problem) {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < at; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                lineStart = i + 1;
            }
        }
        return new Outcome.Problem(line, at - lineStart + 1, problem);
    }
}
