import { describe, expect, it } from 'vitest';
import { problemsOf, HEAD, withStrategy, places } from './problems-of.ts';

describe('the problems of a strategy', () => {
  it.each([
    [
      '{ strategy: »platau, lr: 1 }',
      /^HERE learning_rate\[0\]\.strategy: received "platau"; it must be one of fixed, .*\(did you mean plateau\?\), or own\/ and the name of an export/,
    ],
    [
      '»{ lr: 1 }',
      /^HERE learning_rate\[0\]\.strategy: received nothing; it must be one of fixed, /,
    ],
    [
      '»{ strategy: fixed }',
      /^HERE learning_rate\[0\]\.lr: received nothing; it must be a finite number, above 0$/,
    ],
    [
      '{ strategy: fixed, lr: »[] }',
      /^HERE learning_rate\[0\]\.lr: received \[\]; it must be one value, or a list of at least one$/,
    ],
    [
      '{ strategy: fixed, lr: [0.1, »fast] }',
      /^HERE learning_rate\[0\]\.lr\[1\]: received "fast"; it must be a finite number, above 0$/,
    ],
    [
      '{ strategy: fixed, lr: [0.1, ».inf] }',
      /^HERE learning_rate\[0\]\.lr\[1\]: received Infinity; /,
    ],
    [
      '{ strategy: fixed, lr: [»[0.1]] }',
      /^HERE learning_rate\[0\]\.lr\[0\]: received \[0\.1\]; it must be a finite number, above 0$/,
    ],
    [
      '{ strategy: fixed, lr: [0.1, »1e-1] }',
      /^HERE learning_rate\[0\]\.lr\[1\]: received 0\.1 a second time; /,
    ],
    [
      '{ strategy: step, lr: 1, step_size: [1, »x], gamma: 1 }',
      /^HERE learning_rate\[0\]\.step_size\[1\]: received "x"; it must be "N epochs" or /,
    ],
    [
      '{ strategy: fixed, lr: 0.1, »gama: 1 }',
      /^HERE learning_rate\[0\]\.gama: received the unknown key gama; known are strategy, lr, warmup$/,
    ],
    [
      '{ strategy: step, lr: 1, step_size: 2, »gama: 1 }',
      /^HERE learning_rate\[0\]\.gama: received the unknown key gama; did you mean gamma\?$/,
    ],
    [
      '{ strategy: plateau, lr: 1, factor: »1.5 }',
      /^HERE learning_rate\[0\]\.factor: received 1\.5; it must be a finite number, above 0 and below 1$/,
    ],
    [
      '»{ strategy: plateau, lr: 1, monitor: auc }',
      /^HERE learning_rate\[0\]: mode: received nothing; monitor "auc" is not the objective's metric, /,
    ],
    [
      '{ strategy: step, lr: 1, step_size: [2 epochs, 3, »2] }',
      /^HERE learning_rate\[0\]\.step_size\[2\]: received 2 a second time; /,
    ],
    [
      '{ strategy: fixed, lr: »{ find: { steps: 2 } } }',
      /^HERE learning_rate\[0\]\.lr: steps: received 2; it must be a whole number from 6 to 20000$/,
    ],
    [
      '{ strategy: fixed, lr: [1, »{ find: { suggest: best } }] }',
      /^HERE learning_rate\[0\]\.lr\[1\]: received "best" as its suggest; /,
    ],
    [
      '{ strategy: cosine, lr: 1, min_lr: »{ find: {} } }',
      /^HERE learning_rate\[0\]\.min_lr: received \{"find":\{\}\}; it must be a finite number, at least 0$/,
    ],
    [
      '{ strategy: range_test, min_lr: 0.1, max_lr: »{ find: {} } }',
      /^HERE learning_rate\[0\]\.max_lr: received \{"find":\{\}\}; it must be a finite number, above 0$/,
    ],
    [
      '{ strategy: own/mine, lr: »{ find: {} } }',
      /^HERE learning_rate\[0\]\.lr: received \{"find":\{\}\}; it must be text, a finite number, /,
    ],
    [
      '{ strategy: fixed, lr: [{ find: {} }, 1, »{ find: null }] }',
      /^HERE learning_rate\[0\]\.lr\[2\]: received \{"find":null\} a second time; /,
    ],
    [
      '{ strategy: fixed, lr: [{ find: { steps: 50, times: 1 } }, »{ find: { steps: 50 } }] }',
      /^HERE learning_rate\[0\]\.lr\[1\]: received \{"find":\{"steps":50\}\} a second time; /,
    ],
    [
      '{ strategy: step, lr: 1, step_size: »2 weeks }',
      /^HERE learning_rate\[0\]\.step_size: received "2 weeks"; it must be "N epochs" or /,
    ],
    [
      '{ strategy: multistep, lr: 1, milestones: »[] }',
      /^HERE learning_rate\[0\]\.milestones: received \[\]; it must be one value, or a list of at least one$/,
    ],
    [
      '{ strategy: multistep, lr: 1, milestones: [2, »x] }',
      /^HERE learning_rate\[0\]\.milestones\[1\]: received "x"; it must be "N epochs" or /,
    ],
    [
      '{ strategy: multistep, lr: 1, milestones: [[2], [3, »x]] }',
      /^HERE learning_rate\[0\]\.milestones\[1\]\[1\]: received "x"; it must be "N epochs" or /,
    ],
    [
      '{ strategy: multistep, lr: 1, milestones: [[2], »[2 epochs]] }',
      /^HERE learning_rate\[0\]\.milestones\[1\]: received \["2 epochs"\] a second time; /,
    ],
    [
      '{ strategy: fixed, lr: 1, warmup: »{ start_factor: 2 } }',
      /^HERE learning_rate\[0\]\.warmup: received nothing as its length/,
    ],
    [
      '{ strategy: fixed, lr: 1, warmup: [{ length: 5 }, »{ length: 5, start_factor: 0.1 }] }',
      /^HERE learning_rate\[0\]\.warmup\[1\]: received .* a second time; /,
    ],
  ])('say what is wrong with %s', (item, problem) => {
    const problems = withStrategy(item);
    expect(problems.length).toBe(1);
    expect(problems[0]).toMatch(problem);
  });

  it('are told once of a value that is bad each time', () => {
    expect(withStrategy('{ strategy: fixed, lr: [x, x] }').length).toBe(2);
  });

  it('are those of the way of writing a list of lists that the file is nearest to', () => {
    const at = 'learning_rate[0].milestones';
    expect(places('[[x], [y, z]]')).toEqual([`${at}[0][0]:`, `${at}[1][0]:`, `${at}[1][1]:`]);
    expect(places('[[2], [3], x]')).toEqual([`${at}[2]:`]);
    expect(places('[2, [3], 4]')).toEqual([`${at}[1]:`]);
  });

  it('are found where an item is no mapping', () => {
    expect(problemsOf(`${HEAD}learning_rate: [fixed]\n`)).toEqual([
      '5:17 learning_rate[0]: received "fixed"; it must be a mapping with strategy and its fields',
    ]);
    expect(problemsOf(`${HEAD}learning_rate: []\n`)).toEqual([
      '5:16 learning_rate: received []; it must be a list of at least one strategy',
    ]);
    expect(problemsOf(`${HEAD}learning_rate: { strategy: fixed, lr: 0.1 }\n`)).toEqual([
      '5:16 learning_rate: received {"strategy":"fixed","lr":0.1}; it must be a list of strategies, such as [{ strategy: fixed, lr: 0.1 }]',
    ]);
  });

  it('have the first combination that breaks a rule, at the field that the rule is about', () => {
    const [problem, ...others] = withStrategy(
      '{ strategy: plateau, lr: [0.1, 0.01], min_lr: »[0.001, 0.05] }',
    );
    expect(others).toEqual([]);
    expect(problem).toMatch(
      /^HERE learning_rate\[0\]\.min_lr: received 0\.05 .*\(in the combination plateau lr 0\.01 min_lr 0\.05\)$/,
    );
  });

  it('do not name the combination where there is only one', () => {
    const [problem] = withStrategy('{ strategy: plateau, lr: 0.1, min_lr: »1 }');
    expect(problem).toMatch(/^HERE learning_rate\[0\]\.min_lr: received 1 /);
    expect(problem).not.toMatch(/combination/);
  });

  it('are found in the last of 100,000 combinations', () => {
    const rates = Array.from({ length: 1000 }, (_, i) => 1000 - i);
    const floors = Array.from({ length: 100 }, (_, i) => (i === 99 ? 1.5 : i / 100));
    const [problem] = withStrategy(
      `{ strategy: plateau, lr: [${rates.join()}], min_lr: [${floors.join()}] }`,
    );
    expect(problem).toMatch(/in the combination plateau lr 1 min_lr 1\.5/);
  });

  it('have the trials that two items share, also where they are to be found', () => {
    const finds =
      '[{ strategy: fixed, lr: { find: {} } }, { strategy: fixed, lr: [{ find: { steps: 50 } }, { find: { steps: 100 } }] }]';
    expect(problemsOf(`${HEAD}learning_rate: ${finds}\n`)).toEqual([
      expect.stringMatching(
        /learning_rate\[1\]: received .*, which learning_rate\[0\] has already;/,
      ),
    ]);
    const items =
      '[{ strategy: step, lr: 0.1, step_size: 2 epochs }, { strategy: step, lr: [0.2, 0.1], step_size: 2, gamma: 0.1 }]';
    expect(problemsOf(`${HEAD}learning_rate: ${items}\n`)).toEqual([
      '5:67 learning_rate[1]: received step lr 0.1 step_size 2 gamma 0.1, which learning_rate[0] has already; it would make the same trials twice',
    ]);
  });
});
