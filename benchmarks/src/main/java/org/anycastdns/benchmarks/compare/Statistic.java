package org.anycastdns.benchmarks.compare;

import java.util.Collection;

/// What the rounds have in common.
///
/// @param median the one in the middle, or the mean of the two there
/// @param least the smallest
/// @param most the largest
public record Statistic(double median, double least, double most) {

    /// Of at least one value.
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
