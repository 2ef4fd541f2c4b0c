package org.anycastdns.daemon.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A piece of configuration as it was written, with its place.
sealed interface Setting {

    /// Returns where it was written.
    Place place();

    /// A single value.
    ///
    /// @param folder where a relative path in the text begins
    record Text(Place place, String text, Path folder) implements Setting {}

    /// A value that could not be read, whose problem has been reported.
    record Unreadable(Place place) implements Setting {}

    /// A list.
    record Items(Place place, List<Setting> items) implements Setting {}

    /// Keys with values, in the order written.
    record Keys(Place place, List<Pair> keys) implements Setting {

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
    /// @param place the place of the key itself
    record Pair(Place place, String name, Setting value) {}
}
