package org.anycastdns.daemon.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.anycastdns.daemon.Spelling;
import org.anycastdns.daemon.config.Declaration.Shape;
import org.anycastdns.daemon.config.Setting.Pair;
import org.anycastdns.daemon.config.Setting.Text;
import org.jspecify.annotations.Nullable;

/// Says what an unknown key was probably meant to be.
final class UnknownKey {

    /// Endings of keys that have the unit in the key, as in `wait-ms: 10000`. Here the unit belongs
    /// to the value.
    private static final Map<String, String> UNITS =
            Map.of("-ms", "ms", "-seconds", "s", "-minutes", "m", "-hours", "h");

    private UnknownKey() {}

    /// Returns the message.
    ///
    /// @param path the path of the group
    /// @param known the options of the group
    static String text(Pair key, String path, List<Declaration> known) {
        String group = path.isEmpty() ? "" : path + ".";
        String text = "unknown key '%s%s'".formatted(group, key.name());
        String better = withUnit(key, known);
        List<String> keys = known.stream().map(Declaration::key).toList();
        if (better == null) {
            better = Spelling.nearest(key.name(), keys);
        }
        return better == null
                ? text + "; the keys here are " + String.join(", ", keys)
                : text + "; did you mean '%s%s'?".formatted(group, better);
    }

    /// Returns the duration that stands for a key with a unit, or null.
    private static @Nullable String withUnit(Pair key, List<Declaration> known) {
        for (Map.Entry<String, String> unit : UNITS.entrySet()) {
            if (!key.name().endsWith(unit.getKey())) {
                continue;
            }
            int length = key.name().length() - unit.getKey().length();
            String stem = key.name().substring(0, length);
            for (Declaration option : known) {
                if (isDuration(option)
                        && (option.key().equals(stem) || option.key().startsWith(stem + "-"))) {
                    return option.key() + ": " + value(key.value(), unit.getValue());
                }
            }
        }
        return null;
    }

    private static boolean isDuration(Declaration option) {
        return option.shape() instanceof Shape.Single single && single.type() == Duration.class;
    }

    private static String value(Setting written, String unit) {
        String number = written instanceof Text text ? text.text() : "";
        return number.matches("\\d{1,9}")
                ? Durations.text(Durations.parse(number + unit))
                : "NUMBER" + unit;
    }
}
