package org.anycastdns.announcer.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.anycastdns.daemon.Spelling;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// Binds a YAML node to a record, component by component, and collects every problem. It remembers
/// the position of each option, so that later checks can refer to it.
final class Binder {

    private final String file;
    private final List<Problem> problems;
    private final Map<String, Node> places = new HashMap<>();

    Binder(String file, List<Problem> problems) {
        this.file = file;
        this.problems = problems;
    }

    /// Returns the record that a node describes. Returns null after adding its problems to the
    /// list.
    ///
    /// @param path the option's path, e.g. `neighbors[0]`; empty for the whole file
    <T extends Record> @Nullable T bind(Class<T> type, Node node, String path) {
        places.put(path, node);
        if (!(node instanceof MappingNode mapping)) {
            problem(node, subject(path) + " must be a mapping of " + keys(type));
            return null;
        }
        return bind(type, given(type, mapping), node, path);
    }

    private <T extends Record> @Nullable T bind(
            Class<T> type, Map<String, Node> given, Node node, String path) {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new Object[components.length];
        int before = problems.size();
        for (int i = 0; i < components.length; i++) {
            String key = key(components[i]);
            String at = path.isEmpty() ? key : path + "." + key;
            Node value = given.get(key);
            values[i] =
                    value == null
                            ? byDefault(components[i], node, at)
                            : value(
                                    components[i].getGenericType(),
                                    option(components[i]),
                                    value,
                                    at);
        }
        return problems.size() > before ? null : construct(type, components, values);
    }

    /// Adds a problem at an option, or at the nearest enclosing option that is in the file.
    void problem(String path, String text) {
        String at = path;
        while (!at.isEmpty() && !places.containsKey(at)) {
            at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
        }
        Node node = places.get(at);
        if (node == null) {
            problems.add(new Problem(file, 0, 0, text));
        } else {
            problem(node, text);
        }
    }

    /// Returns the key of an option: `routerId` is `router-id`, `nextHopV6` is `next-hop-v6`.
    static String key(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /// Returns the description, default and range of a component.
    static Option option(RecordComponent component) {
        Option option = component.getAnnotation(Option.class);
        if (option == null) {
            throw new IllegalStateException(component + " is no option");
        }
        return option;
    }

    private Map<String, Node> given(Class<? extends Record> type, MappingNode mapping) {
        List<String> known = keys(type);
        Map<String, Node> given = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node keyNode = tuple.getKeyNode();
            if (!(keyNode instanceof ScalarNode scalar)) {
                problem(keyNode, "a key must be a word");
            } else if (!known.contains(scalar.getValue())) {
                problem(keyNode, unknown(scalar.getValue(), known));
            } else if (given.putIfAbsent(scalar.getValue(), tuple.getValueNode()) != null) {
                problem(keyNode, "key \"" + scalar.getValue() + "\" is given twice");
            }
        }
        return given;
    }

    private static String unknown(String key, List<String> known) {
        String text = "unknown key \"" + key + "\"";
        String near = Spelling.nearest(key, known);
        return near == null
                ? text + "; known here: " + String.join(", ", known)
                : text + "; did you mean \"" + near + "\"?";
    }

    private @Nullable Object byDefault(RecordComponent component, Node owner, String path) {
        Option option = option(component);
        if (option.byDefault().equals(Option.REQUIRED)) {
            problem(owner, "\"" + path + "\" is missing: " + option.value());
            return null;
        }
        if (option.byDefault().equals(Option.ABSENT)) {
            return component.getType() == List.class ? List.of() : null;
        }
        if (option.byDefault().equals(Option.DEFAULTS)) {
            return bind(component.getType().asSubclass(Record.class), Map.of(), owner, path);
        }
        return Values.parse(component.getType(), option.byDefault());
    }

    private @Nullable Object value(Type type, Option option, Node node, String path) {
        places.put(path, node);
        if (type instanceof ParameterizedType list) {
            return list(list.getActualTypeArguments()[0], option, node, path);
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord() && !Values.knows(plain)) {
            Class<? extends Record> record = plain.asSubclass(Record.class);
            return option.byDefault().equals(Option.ABSENT) && node instanceof ScalarNode scalar
                    ? wanted(record, scalar, path)
                    : bind(record, node, path);
        }
        if (!(node instanceof ScalarNode scalar)) {
            problem(node, "\"" + path + "\" must be " + Values.describe(plain));
            return null;
        }
        return scalar(plain, option, scalar, path);
    }

    /// Binds an optional block given as one word: `true` is the block with its defaults, `false` is
    /// none.
    private @Nullable Object wanted(Class<? extends Record> type, ScalarNode node, String path) {
        return switch (node.getValue()) {
            case "true" -> bind(type, Map.of(), node, path);
            case "false" -> null;
            default -> {
                problem(
                        node,
                        "\"%s\" must be true, false or a mapping of %s, not \"%s\""
                                .formatted(path, keys(type), node.getValue()));
                yield null;
            }
        };
    }

    private @Nullable Object scalar(Class<?> type, Option option, ScalarNode node, String path) {
        try {
            Object value = Values.parse(type, node.getValue());
            if (value instanceof Number number
                    && (number.longValue() < option.min() || number.longValue() > option.max())) {
                problem(node, "\"" + path + "\" must be " + range(option) + ", not " + number);
                return null;
            }
            return value;
        } catch (IllegalArgumentException e) {
            problem(node, "\"" + path + "\" must be " + e.getMessage());
            return null;
        }
    }

    private @Nullable Object list(Type of, Option option, Node node, String path) {
        if (!(node instanceof SequenceNode sequence)) {
            problem(node, "\"" + path + "\" must be a list, e.g. [ ... ]");
            return null;
        }
        int size = sequence.getValue().size();
        if (size < option.min() || size > option.max()) {
            problem(
                    node,
                    "\"%s\" must have %s entries, not %d".formatted(path, range(option), size));
            return null;
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Object value = value(of, option, sequence.getValue().get(i), path + "[" + i + "]");
            if (value != null) {
                values.add(value);
            }
        }
        return List.copyOf(values);
    }

    static String range(Option option) {
        if (option.max() == Long.MAX_VALUE) {
            return "at least " + option.min();
        }
        return option.min() + " to " + option.max();
    }

    private static <T extends Record> T construct(
            Class<T> type, RecordComponent[] components, @Nullable Object[] values) {
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = components[i].getType();
        }
        try {
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException | InstantiationException e) {
            throw new IllegalStateException("binding " + type.getSimpleName(), e);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new IllegalStateException(type + " has no open canonical constructor", e);
        }
    }

    private static List<String> keys(Class<? extends Record> type) {
        List<String> keys = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            keys.add(key(component));
        }
        return keys;
    }

    private static String subject(String path) {
        return path.isEmpty() ? "the file" : "\"" + path + "\"";
    }

    private void problem(Node node, String text) {
        int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
        int column = node.getStartMark().map(mark -> mark.getColumn() + 1).orElse(0);
        problems.add(new Problem(file, line, column, text));
    }
}
