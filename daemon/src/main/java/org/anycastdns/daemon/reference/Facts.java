package org.anycastdns.daemon.reference;

import java.util.List;
import java.util.function.BiConsumer;
import org.anycastdns.daemon.config.Declaration;
import org.anycastdns.daemon.config.Declaration.Shape;
import org.anycastdns.daemon.config.Limits;
import org.anycastdns.daemon.config.Option;

/// Says in a few words what an option may be: for the pages, the help and the default file.
final class Facts {

    private Facts() {}

    /// Calls for each option, groups before their options, with its path: `neighbors[].port`.
    static void walk(
            List<Declaration> options, String group, BiConsumer<String, Declaration> visitor) {
        for (Declaration option : options) {
            String path = group + option.key() + option.suffix();
            visitor.accept(path, option);
            walk(option.members(), path + ".", visitor);
        }
    }

    /// Returns `required`, `optional` or the default.
    static String need(Declaration option) {
        if (option.isRequired()) {
            return "required";
        }
        boolean optional = option.isOptional() && option.option().detected().isEmpty();
        return optional ? "optional" : "default " + option.standard();
    }

    /// Returns the limits of a value, or of the number of entries of a list; empty if there are
    /// none.
    static String limits(Declaration option) {
        return switch (option.shape()) {
            case Shape.Single single -> Limits.of(option.option(), single).text();
            case Shape.Listed _ ->
                    option.option().entriesMax() == Option.ENTRIES_MAX
                            ? ""
                            : option.option().entriesMin() + " to " + option.option().entriesMax();
            case Shape.Mapped _, Shape.Group _ -> "";
        };
    }

    /// Returns what may be written, e.g. `a whole number, 1 to 1024`.
    static String values(Declaration option) {
        return switch (option.shape()) {
            case Shape.Single single -> with(single.kind().describe(), limits(option));
            case Shape.Listed(Shape.Single single) ->
                    with("list", limits(option))
                            + "; each "
                            + with(
                                    single.kind().describe(),
                                    Limits.of(option.option(), single).text());
            case Shape.Listed _ -> with("list", limits(option));
            case Shape.Mapped(Shape.Single key, Shape value) ->
                    "`KEY: VALUE` lines; each key "
                            + key.kind().describe()
                            + (value instanceof Shape.Single single
                                    ? ", each value " + single.kind().describe()
                                    : ", each value a group");
            case Shape.Group _ -> "group";
        };
    }

    private static String with(String values, String limits) {
        return limits.isEmpty() ? values : values + ", " + limits;
    }

    /// Breaks a text into lines.
    ///
    /// @param first what the first line begins with
    /// @param next what the other lines begin with
    /// @param width the longest line, where words allow it
    static String wrapped(String text, String first, String next, int width) {
        StringBuilder lines = new StringBuilder(first);
        int column = first.length();
        boolean begun = false;
        for (String word : text.split(" ", -1)) {
            if (begun && column + 1 + word.length() > width) {
                lines.append('\n').append(next).append(word);
                column = next.length() + word.length();
            } else {
                lines.append(begun ? " " : "").append(word);
                column += word.length() + (begun ? 1 : 0);
            }
            begun = true;
        }
        return lines.append('\n').toString();
    }
}
