// Student's t distribution and paired intervals against SciPy 1.17.1 (stats.t.ppf, stats.t.cdf, stats.ttest_rel).

import { expect, test } from 'vitest';
import { pairedInterval } from '../../../src/report/answer/paired-interval.ts';
import { studentCdf, studentQuantile } from '../../../src/report/answer/student.ts';

const FREEDOMS = [1, 2, 3, 5, 10, 30, 200];

const QUANTILES: readonly (readonly [number, readonly number[]])[] = [
  [
    0.9,
    [
      3.0776835371752544, 1.8856180831641272, 1.637744353696209, 1.4758840488244815,
      1.372183641110336, 1.3104150253913955, 1.2857987939948012,
    ],
  ],
  [
    0.975,
    [
      12.706204736174694, 4.302652729749462, 3.1824463052837078, 2.5705818356363146,
      2.228138851986274, 2.0422724563012378, 1.9718962236339088,
    ],
  ],
  [
    0.9983333333333333,
    [
      190.98418637782802, 17.27717670004373, 8.57517245979807, 5.247416865946066,
      3.8273374747313413, 3.188805884053114, 2.970873014877601,
    ],
  ],
  [
    0.9995,
    [
      636.6192487687897, 31.599054576445365, 12.923978636687961, 6.868826625881276,
      4.586893858702708, 3.6459586350420627, 3.3398354062757107,
    ],
  ],
];

const CUMULATED: readonly (readonly [number, readonly number[]])[] = [
  [
    -2.5,
    [
      0.12111894159084341, 0.06480586011075541, 0.04385332350403278, 0.02724504967118813,
      0.01572342211830441, 0.009057824534033344, 0.006611586320850391,
    ],
  ],
  [
    -0.3,
    [
      0.4072264209222577, 0.3962428304200888, 0.3918816460199595, 0.38812452113163726,
      0.3851603037828993, 0.3831230526421764, 0.382244365094664,
    ],
  ],
  [0, FREEDOMS.map(() => 0.5)],
  [
    4.2,
    [
      0.9255972347013828, 0.9738583665268504, 0.9876839609115303, 0.9957552205184669,
      0.9990856517598662, 0.999890105782892, 0.9999799122425479,
    ],
  ],
];

test('quantiles are those of SciPy to ten digits', () => {
  for (const [p, row] of QUANTILES) {
    for (const [i, expected] of row.entries()) {
      const got = studentQuantile(p, FREEDOMS[i] ?? 0);
      expect(Math.abs(got / expected - 1), `p ${p}, ${FREEDOMS[i]} degrees`).toBeLessThan(1e-10);
    }
  }
});

test('the distribution function is that of SciPy to twelve digits, also in the tails', () => {
  for (const [t, row] of CUMULATED) {
    for (const [i, expected] of row.entries())
      expect(studentCdf(t, FREEDOMS[i] ?? 0)).toBeCloseTo(expected, 12);
  }
});

test('a paired interval is that of SciPy', () => {
  const [a, b] = [
    [0.0321, 0.0287, 0.0355, 0.0301],
    [0.033, 0.0299, 0.0351, 0.0342],
  ];
  const differences = a.map((value, i) => (b[i] ?? 0) - value);
  const usual = pairedInterval(differences, 0.95);
  expect(usual?.low).toBeCloseTo(-0.00157053108042568, 12);
  expect(usual?.high).toBeCloseTo(0.004470531080425685, 12);
  const strict = pairedInterval(differences, 0.99);
  expect(strict?.low).toBeCloseTo(-0.004093737871933871, 12);
  expect(strict?.high).toBeCloseTo(0.006993737871933876, 12);
});

test('one pair has a mean and no interval, none has nothing, equal ones are called identical', () => {
  expect(pairedInterval([0.5], 0.95)).toEqual({
    pairs: 1,
    mean: 0.5,
    low: undefined,
    high: undefined,
    identical: false,
  });
  expect(pairedInterval([], 0.95)).toBeUndefined();
  expect(pairedInterval([0, 0, 0], 0.95)).toMatchObject({ identical: true, low: 0, high: 0 });
});
