package org.anycastdns.announcer.config;

import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.daemon.config.Durations;
import org.anycastdns.daemon.config.OptionSet;
import org.jspecify.annotations.Nullable;

/// Compares two configurations, option by option.
public final class Difference {

    private Difference() {}

    /// Returns a line for each option that differs, without secrets. `- path: value` was removed,
    /// `+ path: value` was added, `~ path: old -> new` has changed. Neighbors are named by address
    /// and port. Entries of other lists are named by their value.
    public static List<String> lines(Config before, Config after) {
        Map<String, Object> old = flat(before);
        Map<String, Object> now = flat(after);
        Set<String> paths = new TreeSet<>(old.keySet());
        paths.addAll(now.keySet());
        List<String> lines = new ArrayList<>();
        for (String path : paths) {
            Object was = old.get(path);
            Object is = now.get(path);
            if (was == null) {
                lines.add("+ " + path + text(is));
            } else if (is == null) {
                lines.add("- " + path + text(was));
            } else if (!was.equals(is)) {
                lines.add("~ " + path + text(was) + " -> " + text(is).substring(2));
            }
        }
        return lines;
    }

    private static Map<String, Object> flat(Config config) {
        Map<String, Object> flat = new TreeMap<>();
        record(config, "", flat);
        return flat;
    }

    private static void record(Record record, String path, Map<String, Object> flat) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            String key = path + OptionSet.key(component);
            Object value = read(component, record);
            if (value instanceof Record inlined && OptionSet.isInlined(component)) {
                record(inlined, path, flat);
                continue;
            }
            switch (value) {
                case null -> {}
                case List<?> list -> {
                    for (Object entry : list) {
                        entry(entry, key, flat);
                    }
                }
                case Record group when !AnnouncerOptions.SET.kinds().knows(group.getClass()) ->
                        record(group, key + ".", flat);
                default -> flat.put(key, value);
            }
        }
    }

    private static void entry(Object entry, String key, Map<String, Object> flat) {
        switch (entry) {
            case Config.Neighbor neighbor -> {
                String name = neighbor.name() + " port " + neighbor.port();
                record(neighbor, key + "[" + name + "].", flat);
            }
            case ServiceConfig service -> record(service, key + "[" + service.name() + "].", flat);
            case CheckConfig check -> {
                CheckConfig.Kind kind = check.kinds().getFirst();
                String name = kind.terms().name();
                String label = kind.label() + (name == null ? "" : " " + name);
                String path = key + "[" + label + "].";
                for (int i = 2; used(flat, path); i++) {
                    path = key + "[" + label + " " + i + "].";
                }
                record((Record) kind, path, flat);
            }
            case InetAddress address -> flat.put(key + " " + Addresses.text(address), "");
            default -> flat.put(key + " " + entry, "");
        }
    }

    private static boolean used(Map<String, Object> flat, String path) {
        return flat.keySet().stream().anyMatch(key -> key.startsWith(path));
    }

    private static @Nullable Object read(RecordComponent component, Record record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("reading " + component, e);
        }
    }

    private static String text(@Nullable Object value) {
        String text =
                switch (value) {
                    case InetAddress address -> Addresses.text(address);
                    case Duration duration -> Durations.text(duration);
                    case null, default -> Objects.toString(value);
                };
        return text.isEmpty() ? "" : ": " + text;
    }
}
