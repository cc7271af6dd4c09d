# SPDX-License-Identifier: MIT
"""Draws nanoseconds over the number of origins, both logarithmic, as SVG."""
import math

LEFT, TOP, WIDTH, HEIGHT = 70, 30, 560, 320
COLOURS = {"corsac": "#b3401f", "middleware": "#3b6ea5", "std::regex": "#7a7a7a"}


def draw(sizes):
    lines = {}
    for name, what in sizes.items():
        if name.startswith("sizes/"):
            _, way, number = name.split("/")
            lines.setdefault(way, {})[int(number)] = what["ns"]
    # What choosing an origin costs is no part of any way.
    base = lines.pop("base", {})
    lines = {way: {n: max(ns - base.get(n, 0), 1) for n, ns in points.items()}
             for way, points in lines.items()}
    numbers = sorted({n for points in lines.values() for n in points})
    times = [ns for points in lines.values() for ns in points.values()]
    low, high = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))

    def x(number):
        return LEFT + WIDTH * math.log10(number) / math.log10(numbers[-1])

    def y(ns):
        return TOP + HEIGHT * (high - math.log10(ns)) / (high - low)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 110} '
           f'{TOP + HEIGHT + 60}" font-family="sans-serif" font-size="13">',
           '<rect width="100%" height="100%" fill="#fff"/>',
           f'<text x="{LEFT}" y="18">CPU nanoseconds a request, over the number of origins</text>']
    for number in numbers:
        out.append(f'<path d="M{x(number):.1f} {TOP}v{HEIGHT}" stroke="#eee"/>'
                   f'<text x="{x(number):.1f}" y="{TOP + HEIGHT + 20}" text-anchor="middle">'
                   f'{number:,}</text>')
    for power in range(low, high + 1):
        out.append(f'<path d="M{LEFT} {y(10 ** power):.1f}h{WIDTH}" stroke="#ddd"/>'
                   f'<text x="{LEFT - 8}" y="{y(10 ** power) + 4:.1f}" text-anchor="end">'
                   f'{10 ** power:,}</text>')
    labels = []
    for way, points in sorted(lines.items(), key=lambda line: line[1][max(line[1])]):
        colour = COLOURS.get(way, "#000")
        placed = [(x(number), y(points[number])) for number in sorted(points)]
        path = "M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in placed)
        out.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3" fill="{colour}"/>' for px, py in placed]
        end_x, end_y = placed[-1]
        while any(end_x == x_ and abs(end_y - y_) < 15 for x_, y_ in labels):
            end_y -= 1
        labels.append((end_x, end_y))
        out.append(f'<text x="{end_x + 8:.1f}" y="{end_y + 4:.1f}" fill="{colour}">{way}</text>')
    return "\n".join([*out, "</svg>"]) + "\n"
