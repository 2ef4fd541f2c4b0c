package org.anycastdns.daemon.reference;

import java.util.ArrayList;
import java.util.List;
import org.anycastdns.daemon.config.Declaration;
import org.anycastdns.daemon.config.Declaration.Shape;
import org.anycastdns.daemon.config.OptionSet;

/// Documents the options of a program, from their declarations.
public final class OptionsPage {

    /// Where the options begin in the page of a program. Text before is written by hand.
    public static final String BEGIN =
            "<!-- options begin: generated from the option records -->\n";

    /// Where the options end. Text behind is written by hand.
    public static final String END = "<!-- options end -->\n";

    private static final int WIDTH = 150;

    private OptionsPage() {}

    /// Returns a page whose part between [#BEGIN] and [#END] holds the options.
    ///
    /// @param page the page as it is
    public static String updated(String page, OptionSet<?> options) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("the page lacks the line " + BEGIN + END);
        }
        return page.substring(0, begin + BEGIN.length())
                + markdown(options.options())
                + page.substring(end);
    }

    /// Returns two lines for each option for a terminal: `path: default or (required), range`, and
    /// its description.
    public static List<String> lines(OptionSet<?> options) {
        List<String> lines = new ArrayList<>();
        Facts.walk(
                options.options(),
                "",
                (path, option) -> {
                    String limits = Facts.limits(option);
                    String facts = Facts.need(option) + (limits.isEmpty() ? "" : ", " + limits);
                    lines.add(path + ": " + facts);
                    lines.add("    " + option.option().value());
                });
        return lines;
    }

    private static String markdown(List<Declaration> options) {
        StringBuilder page = new StringBuilder("\n## General\n\n");
        for (Declaration option : options) {
            if (option.members().isEmpty()) {
                row(option.key(), option, page);
            }
        }
        for (Declaration option : options) {
            List<Declaration> members = option.members();
            if (!members.isEmpty()) {
                page.append("\n## ").append(option.key()).append("\n\n");
                page.append(Facts.wrapped(introduction(option), "", "", WIDTH)).append('\n');
                String group = option.key() + option.suffix() + ".";
                Facts.walk(members, group, (path, member) -> row(path, member, page));
            }
        }
        return page.append('\n').toString();
    }

    private static String introduction(Declaration option) {
        String need =
                switch (Facts.need(option)) {
                    case "required" -> " Required.";
                    case "optional" -> " Optional.";
                    default -> "";
                };
        String alone = option.option().alone();
        String form =
                alone.isEmpty()
                        ? ""
                        : " `%1$s: VALUE` is short for `%1$s: {%2$s: VALUE}`."
                                .formatted(option.key(), alone);
        String limits = Facts.limits(option);
        return option.option().value()
                + need
                + form
                + (limits.isEmpty() ? "" : " A list of " + limits + ".");
    }

    private static void row(String path, Declaration option, StringBuilder page) {
        String facts = "%s; %s".formatted(Facts.values(option), need(option));
        String text = "`%s` (%s): %s".formatted(path, facts, option.option().value());
        page.append(Facts.wrapped(text, "- ", "  ", WIDTH));
    }

    private static String need(Declaration option) {
        boolean literal =
                !option.isRequired()
                        && !option.isOptional()
                        && option.option().detected().isEmpty()
                        && !(option.shape() instanceof Shape.Group);
        if (literal) {
            return "default: `" + option.standard() + "`";
        }
        return Facts.need(option).replaceFirst("^default ", "default: ");
    }
}
