# SPDX-License-Identifier: Apache-2.0
# Compares a solution with the benchmark's own, by the rules of EvalPlus 0.3.1, without NumPy. Runs in the sandbox.
def _compare(candidate, line, fields):
    import binascii
    import copy
    import json
    import math

    problem = json.loads(binascii.a2b_base64(line))
    entry = problem['entry_point']
    number = problem['task_id'].split('/')[1]
    mbpp = problem['task_id'].startswith('Mbpp/')
    known = {}
    exec(problem['prompt'] + problem['canonical_solution'], known)
    reference = known[entry]

    def deep(value):
        return tuple(deep(item) for item in value) if isinstance(value, list) else value

    def tuples(values):
        return [tuple(value) for value in values]

    # JSON has lists only: which arguments are something else
    each = '2 116 132 143 222 261 273 394 399 421 424 429 470 560 579 596 616 630 726 740 744 809'
    in_each = '63 64 70 94 120 237 272 299 400 409 417 438 473 614 780'
    in_first = '75 413 444 753'
    first = '250 405 446 617 720 763 808 307'
    both = '259 401 445'

    def arguments(given):
        if not mbpp:
            return given
        if number in each.split():
            return tuples(given)
        if number in in_each.split():
            return [tuples(value) for value in given]
        if number in in_first.split():
            return [tuples(given[0])] + given[1:]
        if number in first.split():
            return [tuple(given[0])] + given[1:]
        if number in both.split():
            return [tuple(tuples(value)) for value in given]
        if number in ('106', '750'):
            return [given[0], tuple(given[1])]
        if number == '115':
            return [[set(item) if isinstance(item, list) and item else {} for item in given[0]]]
        if number == '124':
            return [float(given[0]), complex(given[1])]
        if number == '252':
            return [complex(given[0])]
        if number == '278':
            return [tuple(tuple(item) if isinstance(item, list) else item for item in given[0])]
        if number == '722':
            return [{key: tuple(value) for key, value in given[0].items()}] + given[1:]
        if number in ('580', '615', '791'):
            return deep(given)
        return given

    def floats(value):
        if isinstance(value, (list, tuple)):
            return bool(value) and all(isinstance(item, float) for item in value)
        return isinstance(value, float)

    def close(out, expected, most):
        if isinstance(expected, (list, tuple)):
            return len(out) == len(expected) and all(close(a, b, most) for a, b in zip(out, expected))
        if isinstance(expected, (int, float, complex)) and isinstance(out, (int, float, complex)):
            return out == expected or abs(out - expected) <= most + 1e-07 * abs(expected)
        return False

    def area(edge, height):
        return round(edge ** 2 + 2 * edge * math.sqrt((edge / 2) ** 2 + height ** 2))

    def distance(one, two):
        width = max(len(str(one)), len(str(two)))
        return sum(abs(int(a) - int(b)) for a, b in zip(str(one).zfill(width), str(two).zfill(width)))

    def right(given, out, expected, most):
        exact = out == expected
        if entry == 'find_zero' and not mbpp:
            return abs(sum(factor * math.pow(out, i) for i, factor in enumerate(given[0]))) <= most
        if mbpp:
            if entry == 'are_equivalent':
                exact = True
            elif entry == 'sum_div':
                exact = exact or out == 0
            elif entry == 'surface_Area':
                exact = exact or abs(out - area(*given)) <= most
            elif entry == 'digit_distance_nums':
                exact = exact or out == distance(*given)
            elif entry in ('check_str', 'text_match_three', 'text_starta_endb'):
                exact = (out if isinstance(out, bool) else out is not None) == (expected is not None)
            elif entry in ('similar_elements', 'find_char_long', 'common_in_nested_lists', 'extract_singly',
                           'larg_nnum', 'intersection_array', 'find_dissimilar', 'Diff'):
                exact = set(out) == set(expected)
        if exact:
            return True
        if most == 0 and floats(expected):
            most = 1e-6
        return most != 0 and type(out) is type(expected) and close(out, expected, most)

    for field in fields:
        for given in problem[field]:
            given = arguments(given)
            expected = reference(*copy.deepcopy(given))
            out = candidate(*copy.deepcopy(given))
            assert right(given, out, expected, problem['atol']), field
