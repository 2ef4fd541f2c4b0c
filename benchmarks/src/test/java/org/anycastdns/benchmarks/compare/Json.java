package org.anycastdns.benchmarks.compare;

import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Looks into JSON, which is YAML.
public final class Json {

    private Json() {}

    /// What stands at the end of a path of keys.
    public static Object at(String json, String... path) {
        Object inside = new Load(LoadSettings.builder().build()).loadFromString(json);
        for (String key : path) {
            inside = ((Map<?, ?>) Objects.requireNonNull(inside, key)).get(key);
        }
        return Objects.requireNonNull(inside, () -> String.join(".", path));
    }
}
