package org.anycastdns.announcer.loop;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The states of services by their names, in order. To replace one state costs a copy of an array,
/// because observations replace one state hundreds of times a second. Immutable.
final class ServiceStates extends AbstractMap<String, ServiceState> {

    private final String[] names;
    private final Map<String, Integer> places;
    private final ServiceState[] states;

    private ServiceStates(String[] names, Map<String, Integer> places, ServiceState[] states) {
        this.names = names;
        this.places = places;
        this.states = states;
    }

    /// Returns the same states as a map that does not change.
    static ServiceStates of(Map<String, ServiceState> services) {
        if (services instanceof ServiceStates same) {
            return same;
        }
        String[] names = services.keySet().toArray(String[]::new);
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            places.put(names[i], i);
        }
        return new ServiceStates(names, places, services.values().toArray(ServiceState[]::new));
    }

    /// Returns the states with another one for a service that is among them.
    ServiceStates with(String service, ServiceState state) {
        Integer place = places.get(service);
        if (place == null) {
            throw new IllegalArgumentException("no service " + service);
        }
        ServiceState[] next = states.clone();
        next[place] = state;
        return new ServiceStates(names, places, next);
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return places.containsKey(name);
    }

    @Override
    public @Nullable ServiceState get(@Nullable Object name) {
        Integer place = places.get(name);
        return place == null ? null : states[place];
    }

    @Override
    public int size() {
        return states.length;
    }

    @Override
    public Collection<ServiceState> values() {
        return Collections.unmodifiableList(Arrays.asList(states));
    }

    @Override
    public Set<Map.Entry<String, ServiceState>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<String, ServiceState>> iterator() {
                return IntStream.range(0, states.length)
                        .mapToObj(i -> Map.entry(names[i], states[i]))
                        .iterator();
            }

            @Override
            public int size() {
                return states.length;
            }
        };
    }
}
