package org.anycastdns.daemon.reference;

import java.util.List;
import java.util.regex.Pattern;
import org.anycastdns.daemon.config.Declaration;
import org.anycastdns.daemon.config.Declaration.Shape;
import org.anycastdns.daemon.config.Option;
import org.anycastdns.daemon.config.OptionSet;

/// Writes a configuration file with every option, its description and its default. Required keys
/// are left to be filled in, and optional ones are comments.
public final class DefaultFile {

    private static final int WIDTH = 100;

    /// Texts that YAML reads as they are.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9./-]*");

    private DefaultFile() {}

    /// Returns the file's text.
    public static String of(OptionSet<?> options) {
        StringBuilder file = new StringBuilder();
        file.append(
                """
                # The configuration of %s with its defaults.
                # Fill in what is marked "required". Remove what you do not change: a default may
                # become better with a new version. ${NAME} in a value is an environment variable.
                """
                        .formatted(options.program()));
        for (Declaration option : options.options()) {
            file.append('\n').append(block(option, 0));
        }
        return file.toString();
    }

    private static String block(Declaration option, int depth) {
        String indent = "  ".repeat(depth);
        String comment = indent + "# ";
        StringBuilder block = new StringBuilder();
        block.append(Facts.wrapped(option.option().value(), comment, comment, WIDTH));
        List<Declaration> members = option.members();
        if (members.isEmpty()) {
            String facts = Facts.values(option) + "; " + Facts.need(option);
            block.append(Facts.wrapped("(" + facts + ")", comment, comment, WIDTH));
            return block.append(line(option, indent)).toString();
        }
        block.append(comment).append('(').append(Facts.need(option)).append(")\n");
        boolean list = option.shape() instanceof Shape.Listed;
        StringBuilder inner = new StringBuilder(indent + option.key() + ":\n");
        boolean map = option.shape() instanceof Shape.Mapped;
        inner.append(list ? indent + "  -\n" : map ? indent + "  NAME:\n" : "");
        for (Declaration member : members) {
            inner.append(block(member, depth + (list || map ? 2 : 1)));
        }
        return block.append(option.isRequired() || !isOff(option) ? inner : off(inner, depth))
                .toString();
    }

    /// Returns whether a group is a comment: it is optional, or it holds nothing but comments.
    private static boolean isOff(Declaration option) {
        return option.isOptional()
                || option.members().stream()
                        .allMatch(member ->
                                member.members().isEmpty()
                                        && !member.isRequired()
                                        && standard(member).isEmpty());
    }

    private static String line(Declaration option, String indent) {
        if (option.isRequired()) {
            return indent + option.key() + ":\n";
        }
        String standard = standard(option);
        return standard.isEmpty()
                ? indent + "# " + option.key() + ":\n"
                : indent + option.key() + ": " + standard + "\n";
    }

    /// Returns the default in YAML; empty if there is none.
    private static String standard(Declaration option) {
        if (option.isOptional()
                || option.isRequired()
                || option.option().byDefault().equals(Option.REQUIRED)) {
            return "";
        }
        String text = option.option().byDefault();
        if (option.shape() instanceof Shape.Listed) {
            return "["
                    + String.join(
                            ", ",
                            List.of(text.split(" ", -1)).stream().map(DefaultFile::yaml).toList())
                    + "]";
        }
        return yaml(text);
    }

    private static String yaml(String text) {
        return PLAIN.matcher(text).matches()
                ? text
                : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("${", "$${") + '"';
    }

    private static String off(CharSequence lines, int depth) {
        int indent = 2 * depth;
        StringBuilder off = new StringBuilder();
        lines.toString()
                .lines()
                .forEach(line ->
                        off.append(line, 0, indent)
                                .append("# ")
                                .append(line, indent, line.length())
                                .append('\n'));
        return off.toString();
    }
}
