package org.anycastdns.daemon.reference;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.daemon.Json;
import org.anycastdns.daemon.config.Declaration;
import org.anycastdns.daemon.config.Declaration.Shape;
import org.anycastdns.daemon.config.Durations;
import org.anycastdns.daemon.config.Kind;
import org.anycastdns.daemon.config.Kind.Form;
import org.anycastdns.daemon.config.Limits;
import org.anycastdns.daemon.config.Option;
import org.anycastdns.daemon.config.OptionSet;

/// Describes a configuration file as JSON Schema, by which editors complete and check it. The
/// schema allows what the program allows, and a little more: the program itself checks texts.
public final class OptionsSchema {

    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

    /// Any value may come from the environment.
    private static final Map<String, Object> PLACEHOLDER =
            Json.object("type", "string", "pattern", "\\$\\{");

    private OptionsSchema() {}

    /// Returns the schema as JSON.
    public static String of(OptionSet<?> options) {
        Map<String, Object> schema =
                Json.object("$schema", DIALECT, "title", "Configuration of " + options.program());
        schema.putAll(object(options.options()));
        return Json.indented(schema);
    }

    private static Map<String, Object> object(List<Declaration> options) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<Object> required = new ArrayList<>();
        for (Declaration option : options) {
            properties.put(option.key(), property(option));
            // What a flag can set may be missing in the file.
            if (option.isRequired() && option.option().flag().isEmpty()) {
                required.add(option.key());
            }
        }
        Map<String, Object> object = Json.object("type", "object", "additionalProperties", false);
        if (!required.isEmpty()) {
            object.put("required", required);
        }
        object.put("properties", properties);
        return object;
    }

    private static Map<String, Object> property(Declaration option) {
        Map<String, Object> property = Json.object("description", option.option().value());
        property.putAll(
                switch (option.shape()) {
                    case Shape.Single single -> single(single, option.option());
                    case Shape.Listed(Shape entry) -> list(entry, option.option());
                    case Shape.Mapped(_, Shape value) ->
                            Json.object(
                                    "type",
                                    "object",
                                    "additionalProperties",
                                    entry(value, option.option()));
                    case Shape.Group(_, List<Declaration> members) -> group(members, option);
                });
        String standard = option.option().byDefault();
        if (option.shape() instanceof Shape.Single(_, Kind kind)
                && !option.isOptional()
                && !standard.equals(Option.REQUIRED)) {
            property.put("default", value(kind.form(), standard));
        }
        return property;
    }

    private static Map<String, Object> group(List<Declaration> members, Declaration option) {
        Map<String, Object> object = object(members);
        if (!option.option().alone().isEmpty()) {
            return anyOf(object, Json.object("type", "string"));
        }
        return option.isOptional() ? anyOf(object, Json.object("type", "boolean")) : object;
    }

    private static Map<String, Object> list(Shape entry, Option option) {
        Map<String, Object> item = entry(entry, option);
        Map<String, Object> list =
                Json.object(
                        "type",
                        "array",
                        "items",
                        item,
                        "minItems",
                        option.entriesMin(),
                        "maxItems",
                        option.entriesMax());
        boolean withoutList = entry instanceof Shape.Single || !option.alone().isEmpty();
        return withoutList ? anyOf(list, item) : list;
    }

    private static Map<String, Object> entry(Shape entry, Option option) {
        return switch (entry) {
            case Shape.Single single -> single(single, option);
            case Shape.Group(_, List<Declaration> members) ->
                    option.alone().isEmpty()
                            ? object(members)
                            : anyOf(object(members), Json.object("type", "string"));
            case Shape.Listed _, Shape.Mapped _ ->
                    throw new IllegalStateException("no list of lists");
        };
    }

    private static Map<String, Object> single(Shape.Single single, Option option) {
        Kind kind = single.kind();
        if (!kind.words().isEmpty()) {
            return anyOf(Json.object("enum", List.copyOf(kind.words())), PLACEHOLDER);
        }
        return switch (kind.form()) {
            case TRUTH -> anyOf(Json.object("type", "boolean"), PLACEHOLDER);
            case INTEGER -> anyOf(integer(single, option), PLACEHOLDER);
            case NUMBER -> Json.object("type", List.of("number", "string"));
            case TEXT ->
                    single.type() == Duration.class
                            ? Json.object("type", "string", "pattern", Durations.SYNTAX + "|\\$\\{")
                            : Json.object("type", "string");
        };
    }

    private static Map<String, Object> integer(Shape.Single single, Option option) {
        Map<String, Object> integer = Json.object("type", "integer");
        Limits limits = Limits.of(option, single);
        if (limits.min() != Long.MIN_VALUE) {
            integer.put("minimum", limits.min());
        }
        if (limits.max() != Long.MAX_VALUE) {
            integer.put("maximum", limits.max());
        }
        return integer;
    }

    private static Object value(Form form, String text) {
        return switch (form) {
            case TEXT, NUMBER -> text;
            case INTEGER -> Long.valueOf(text);
            case TRUTH -> Boolean.valueOf(text);
        };
    }

    private static Map<String, Object> anyOf(Map<String, Object> one, Map<String, Object> other) {
        return Json.object("anyOf", List.of(one, other));
    }
}
