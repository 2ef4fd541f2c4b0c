package org.anycastdns.benchmarks.compare;

import java.util.Collection;

/// Summary of the values of all rounds.
///
/// @param median the middle value, or the mean of the two middle values
/// @param least the smallest value
/// @param most the largest value
public record Statistic(double median, double least, double most) {

    /// Returns the statistic of at least one value.
    public static Statistic of(Collection<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        int middle = sorted.length / 2;
        double median =
                sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Statistic(median, sorted[0], sorted[sorted.length - 1]);
    }
}
