package org.anycastdns.daemon.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One option as its record component declares it.
///
/// @param key its key in the file
/// @param option its text, default and limits
/// @param shape what its value is made of
public record Declaration(String key, Option option, Shape shape) {

    /// What the value of an option is made of.
    public sealed interface Shape {

        /// A single value.
        record Single(Class<?> type, Kind kind) implements Shape {}

        /// A list of single values or groups.
        record Listed(Shape entry) implements Shape {}

        /// Keys that the operator chooses, each with a single value or a group.
        record Mapped(Single key, Shape value) implements Shape {}

        /// A group of options.
        record Group(Class<? extends Record> type, List<Declaration> options) implements Shape {}
    }

    /// Returns the options of a record, in its order, with those of an inlined record in its place.
    public static List<Declaration> of(Class<? extends Record> type, Kinds kinds) {
        List<Declaration> options = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Option option = component.getAnnotation(Option.class);
            if (option == null) {
                throw new IllegalStateException(component + " is not described by @Option");
            }
            if (option.inline()) {
                options.addAll(of(component.getType().asSubclass(Record.class), kinds));
                continue;
            }
            options.add(
                    new Declaration(
                            key(component), option, shape(component.getGenericType(), kinds)));
        }
        return List.copyOf(options);
    }

    /// Returns the key of a component: `routerId` is `router-id`, `nextHopV6` is `next-hop-v6`.
    static String key(RecordComponent component) {
        Option option = component.getAnnotation(Option.class);
        if (option != null && !option.key().isEmpty()) {
            return option.key();
        }
        return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static Shape shape(Type type, Kinds kinds) {
        if (type instanceof ParameterizedType generic) {
            List<Shape> of = new ArrayList<>();
            for (Type argument : generic.getActualTypeArguments()) {
                of.add(shape(argument, kinds));
            }
            if (generic.getRawType() == List.class) {
                return new Shape.Listed(of.getFirst());
            }
            if (generic.getRawType() == Map.class && of.getFirst() instanceof Shape.Single key) {
                return new Shape.Mapped(key, of.getLast());
            }
        }
        if (!(type instanceof Class<?> plain)) {
            throw new IllegalStateException("no option can be a " + type);
        }
        if (plain.isRecord() && !kinds.knows(plain)) {
            Class<? extends Record> group = plain.asSubclass(Record.class);
            return new Shape.Group(group, of(group, kinds));
        }
        return new Shape.Single(plain, kinds.of(plain));
    }

    /// Returns the options of a group, or of the groups in a list or map; empty for other shapes.
    public List<Declaration> members() {
        return members(shape);
    }

    private static List<Declaration> members(Shape shape) {
        return switch (shape) {
            case Shape.Group(_, List<Declaration> options) -> options;
            case Shape.Listed(Shape entry) -> members(entry);
            case Shape.Mapped(_, Shape value) -> members(value);
            case Shape.Single _ -> List.of();
        };
    }

    /// Returns what follows the key in the path of a member: `[]` for one of a list, `.NAME` for
    /// one of a map of groups.
    public String suffix() {
        return switch (shape) {
            case Shape.Listed _ -> "[]";
            case Shape.Mapped(_, Shape.Group _) -> ".NAME";
            case Shape.Single _, Shape.Group _, Shape.Mapped _ -> "";
        };
    }

    /// Returns the default as it is written, or what takes its place, for the operator.
    public String standard() {
        if (!option.detected().isEmpty()) {
            return option.detected();
        }
        if (isOptional()) {
            return "none";
        }
        return shape instanceof Shape.Group ? "the defaults below" : option.byDefault();
    }

    /// Returns whether the option may be left out without a value taking its place.
    public boolean isOptional() {
        return option.byDefault().equals(Option.ABSENT);
    }

    /// Returns whether the operator must set the option: it has no default, and the program detects
    /// none. A group is required if one of its options is.
    public boolean isRequired() {
        return switch (shape) {
            case Shape.Group(_, List<Declaration> options) ->
                    !isOptional() && options.stream().anyMatch(Declaration::isRequired);
            default -> option.byDefault().equals(Option.REQUIRED) && option.detected().isEmpty();
        };
    }
}
