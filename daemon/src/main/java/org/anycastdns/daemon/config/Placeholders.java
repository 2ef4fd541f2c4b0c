package org.anycastdns.daemon.config;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Replaces `${NAME}` in values by variables of the environment; `$${` stands for `${`. What a
/// variable holds is taken as it is, and not searched again.
final class Placeholders {

    /// The most characters that variables may add to one configuration, so that a short file does
    /// not become a large one. Far more than any real configuration needs.
    static final int CHARACTERS_MAX = 1 << 20;

    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\$\\$\\{|\\$\\{(?:([A-Za-z_][A-Za-z0-9_]*)})?");

    private final Function<String, @Nullable String> environment;
    private long added;

    /// Creates a replacement.
    ///
    /// @param environment returns the value of a variable, or null if it is not set
    Placeholders(Function<String, @Nullable String> environment) {
        this.environment = environment;
    }

    /// Returns the text with variables in place.
    ///
    /// @throws IllegalArgumentException with the message for the operator
    String fill(String text) {
        if (!text.contains("${")) {
            return text;
        }
        Matcher matcher = PLACEHOLDER.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            String by = matcher.group().startsWith("$$") ? "${" : variable(matcher.group(1));
            matcher.appendReplacement(filled, Matcher.quoteReplacement(by));
        }
        return matcher.appendTail(filled).toString();
    }

    private String variable(@Nullable String name) {
        if (name == null) {
            throw new IllegalArgumentException(
                    "${ begins the name of an environment variable, such as ${NAME}; write $${ for"
                            + " the characters themselves");
        }
        String value = environment.apply(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "environment variable %1$s is not set: set it, or write $${%1$s} for the characters themselves"
                            .formatted(name));
        }
        added += value.length();
        if (added > CHARACTERS_MAX) {
            throw new IllegalArgumentException(
                    "environment variables add more than %,d characters".formatted(CHARACTERS_MAX));
        }
        return value;
    }
}
