//! The Universal Scalability Law, fitted by bounded least squares.
//!
//! `X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1))`: Neil J. Gunther, "Guerrilla Capacity Planning" (2007) and
//! "A General Theory of Computational Scalability Based on Rational Functions" (arXiv:0808.1431). `sigma` is what users
//! wait for one another, `kappa` what they cost to keep consistent; neither can be negative, so the fit is bounded.

use schemars::JsonSchema;
use serde::Serialize;

/// Fewest different loads for a fit: twice the three figures that are fitted, as Gunther advises.
pub const FEWEST: u32 = 6;

/// Most steps of a fit; it takes some twenty.
const STEPS: usize = 500;

/// A measured load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Users at the same moment.
    pub users: f64,
    /// Requests per second.
    pub rate: f64,
}

/// The law of one system under one scenario.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Law {
    /// Requests per second of one user alone.
    pub lambda: f64,
    /// Contention: the part of the work that only one can do at a time.
    pub sigma: f64,
    /// Coherency: what each pair of users costs.
    pub kappa: f64,
}

impl Law {
    /// Requests per second at a number of users.
    pub fn rate(&self, users: f64) -> f64 {
        self.lambda * users / self.burden(users)
    }

    fn burden(&self, users: f64) -> f64 {
        1.0 + self.sigma * (users - 1.0) + self.kappa * users * (users - 1.0)
    }

    /// The load at which throughput is largest, `sqrt((1 - sigma) / kappa)`; `None` when it grows for ever.
    pub fn peak_users(&self) -> Option<f64> {
        (self.kappa > 0.0).then(|| ((1.0 - self.sigma).max(0.0) / self.kappa).sqrt().max(1.0))
    }

    /// Throughput at the peak; without one the limit `lambda / sigma`, if contention sets one.
    pub fn peak_rate(&self) -> Option<f64> {
        match self.peak_users() {
            Some(users) => Some(self.rate(users)),
            None => (self.sigma > 0.0).then(|| self.lambda / self.sigma),
        }
    }

    fn parameters(&self) -> [f64; 3] {
        [self.lambda, self.sigma, self.kappa]
    }

    /// The law with these parameters, brought inside the bounds.
    fn bounded([lambda, sigma, kappa]: [f64; 3]) -> Self {
        Self { lambda: lambda.max(f64::MIN_POSITIVE), sigma: sigma.max(0.0), kappa: kappa.max(0.0) }
    }

    /// Sum of the squares of what the law leaves over.
    fn error(&self, samples: &[Sample]) -> f64 {
        let residual = |sample: &Sample| sample.rate - self.rate(sample.users);
        samples.iter().map(|sample| residual(sample) * residual(sample)).sum()
    }

    /// How the throughput changes with each parameter.
    fn gradient(&self, users: f64) -> [f64; 3] {
        let burden = self.burden(users);
        let slope = -self.lambda * users / (burden * burden);
        [users / burden, slope * (users - 1.0), slope * users * (users - 1.0)]
    }
}

/// Fits the law: Levenberg-Marquardt, in which a parameter at its bound stays there as long as the error falls only
/// beyond it. Only the four operations and the square root are used, so every machine finds the same figures.
///
/// `None` when there is nothing to fit.
pub fn fit(samples: &[Sample]) -> Option<Law> {
    let slope = samples.iter().map(|sample| sample.rate / sample.users).fold(0.0, f64::max);
    if slope <= 0.0 || !slope.is_finite() {
        return None;
    }
    // From no contention, from some, and from much: the best end is taken, should there be more than one valley.
    let widest = samples.iter().map(|sample| sample.users).fold(1.0, f64::max);
    let starts = [(0.0, 0.0), (0.05, 0.1 / (widest * widest)), (0.5, 1.0 / (widest * widest))];
    let ends = starts.map(|(sigma, kappa)| descend(samples, Law { lambda: slope, sigma, kappa }));
    ends.into_iter().min_by(|a, b| a.error(samples).total_cmp(&b.error(samples)))
}

fn descend(samples: &[Sample], start: Law) -> Law {
    let (mut law, mut error, mut damping) = (start, start.error(samples), 1e-3);
    for _ in 0..STEPS {
        let Some(next) = step(samples, &law, damping) else { break };
        let next_error = next.error(samples);
        if next_error < error {
            let gain = error - next_error;
            (law, error) = (next, next_error);
            damping = (damping / 10.0).max(1e-12);
            if gain <= error * 1e-14 {
                break;
            }
        } else {
            damping *= 10.0;
            if damping > 1e12 {
                break;
            }
        }
    }
    law
}

/// One damped step of Gauss and Newton; `None` when the equations have no solution.
fn step(samples: &[Sample], law: &Law, damping: f64) -> Option<Law> {
    let (mut square, mut right) = ([[0.0; 3]; 3], [0.0; 3]);
    for sample in samples {
        let (gradient, residual) = (law.gradient(sample.users), sample.rate - law.rate(sample.users));
        for i in 0..3 {
            right[i] += gradient[i] * residual;
            (0..3).for_each(|j| square[i][j] += gradient[i] * gradient[j]);
        }
    }
    let now = law.parameters();
    for i in 0..3 {
        square[i][i] *= 1.0 + damping;
        // At its bound, and the error falls only beyond it: it stays.
        if i > 0 && now[i] <= 0.0 && right[i] <= 0.0 {
            square[i] = [0.0; 3];
            square.iter_mut().for_each(|row| row[i] = 0.0);
            (square[i][i], right[i]) = (1.0, 0.0);
        }
    }
    let change = solve(square, right)?;
    Some(Law::bounded([now[0] + change[0], now[1] + change[1], now[2] + change[2]]))
}

/// Solves three equations by Gaussian elimination with pivots.
fn solve(mut a: [[f64; 3]; 3], mut b: [f64; 3]) -> Option<[f64; 3]> {
    for column in 0..3 {
        let pivot = (column..3).max_by(|i, j| a[*i][column].abs().total_cmp(&a[*j][column].abs()))?;
        if a[pivot][column] == 0.0 || !a[pivot][column].is_finite() {
            return None;
        }
        a.swap(column, pivot);
        b.swap(column, pivot);
        for row in column + 1..3 {
            let factor = a[row][column] / a[column][column];
            let above = a[column];
            (column..3).for_each(|j| a[row][j] -= factor * above[j]);
            b[row] -= factor * b[column];
        }
    }
    let mut x = [0.0; 3];
    for row in (0..3).rev() {
        let known: f64 = (row + 1..3).map(|j| a[row][j] * x[j]).sum();
        x[row] = (b[row] - known) / a[row][row];
    }
    x.iter().all(|value| value.is_finite()).then_some(x)
}
