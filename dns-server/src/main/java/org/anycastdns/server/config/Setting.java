package org.anycastdns.server.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A piece of configuration as it was written, with its place for messages.
sealed interface Setting {

    /// Returns where it was written: `file:line:column`, or the flag.
    String where();

    /// A scalar: one word or text.
    ///
    /// @param folder base of a relative path in the text
    record Text(String where, String text, Path folder) implements Setting {}

    /// A list.
    record Items(String where, List<Setting> items) implements Setting {}

    /// Keys with values, in the order written.
    record Keys(String where, List<Pair> keys) implements Setting {

        /// Returns the value of a key, or null if there is none.
        @Nullable Setting find(String name) {
            for (Pair key : keys) {
                if (key.name().equals(name)) {
                    return key.value();
                }
            }
            return null;
        }
    }

    /// A key with its value.
    ///
    /// @param where the place of the key itself
    record Pair(String where, String name, Setting value) {}
}
