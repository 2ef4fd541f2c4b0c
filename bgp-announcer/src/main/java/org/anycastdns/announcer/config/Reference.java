package org.anycastdns.announcer.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/// Builds the reference of the configuration from the options themselves.
public final class Reference {

    private Reference() {}

    /// Returns two lines for each option: `path: default or (required), range`, and its
    /// description.
    public static List<String> lines() {
        List<String> lines = new ArrayList<>();
        add(Config.class, "", lines);
        return lines;
    }

    private static void add(Class<?> type, String path, List<String> lines) {
        for (RecordComponent component : type.getRecordComponents()) {
            Option option = Binder.option(component);
            boolean list = component.getGenericType() instanceof ParameterizedType;
            Class<?> of = component.getType();
            if (component.getGenericType() instanceof ParameterizedType parameterized) {
                of = (Class<?>) parameterized.getActualTypeArguments()[0];
            }
            String key = path + Binder.key(component) + (list ? "[]" : "");
            lines.add(key + ": " + facts(option));
            lines.add("    " + option.value() + ".");
            if (of.isRecord() && !Values.knows(of)) {
                add(of, key + ".", lines);
            }
        }
    }

    private static String facts(Option option) {
        String byDefault =
                switch (option.byDefault()) {
                    case Option.REQUIRED -> "required";
                    case Option.ABSENT -> "optional";
                    default -> "default " + option.byDefault();
                };
        boolean ranged = option.min() != Long.MIN_VALUE || option.max() != Long.MAX_VALUE;
        return ranged ? byDefault + ", " + Binder.range(option) : byDefault;
    }
}
