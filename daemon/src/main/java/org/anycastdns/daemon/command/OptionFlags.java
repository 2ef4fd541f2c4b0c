package org.anycastdns.daemon.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.anycastdns.daemon.config.Declaration;
import org.anycastdns.daemon.config.Declaration.Shape;
import org.anycastdns.daemon.config.OptionSet;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// Makes the flags of the command `run` from the options of a program.
public final class OptionFlags {

    private OptionFlags() {}

    /// Adds a flag `--KEY` for each option that has one.
    public static void addTo(CommandSpec command, OptionSet<?> options) {
        for (Declaration option : flagged(options)) {
            OptionSpec.Builder flag =
                    OptionSpec.builder("--" + option.key())
                            .paramLabel(option.option().flag())
                            .description(text(option).replace("%", "%%"));
            if (option.shape() instanceof Shape.Listed) {
                flag.type(List.class).auxiliaryTypes(String.class);
            } else {
                flag.type(isTruth(option) ? boolean.class : String.class);
            }
            command.addOption(flag.build());
        }
    }

    private static List<Declaration> flagged(OptionSet<?> options) {
        return options.options().stream()
                .filter(option -> !option.option().flag().isEmpty())
                .toList();
    }

    private static String text(Declaration option) {
        String text = option.option().value();
        return isTruth(option) || option.isRequired()
                ? text
                : text + " Default: " + option.standard() + ".";
    }

    private static boolean isTruth(Declaration option) {
        return option.shape() instanceof Shape.Single single && single.type() == boolean.class;
    }

    /// Returns the values of the flags that were given, by the option's key.
    public static Map<String, List<String>> values(ParseResult given, OptionSet<?> options) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (Declaration flag : flagged(options)) {
            if (given.hasMatchedOption("--" + flag.key())) {
                Object value = given.matchedOption("--" + flag.key()).getValue();
                values.put(
                        flag.key(),
                        value instanceof List<?> list
                                ? list.stream().map(String::valueOf).toList()
                                : List.of(String.valueOf(value)));
            }
        }
        return values;
    }
}
