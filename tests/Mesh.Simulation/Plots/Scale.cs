namespace Mesh.Simulation.Plots;

/// <summary>Numbers along an axis.</summary>
/// <param name="low">The number at its beginning.</param>
/// <param name="high">The number at its end.</param>
/// <param name="begin">The pixel of its beginning.</param>
/// <param name="end">The pixel of its end.</param>
/// <param name="isLogarithmic">Whether each power of ten is as long.</param>
internal sealed class Scale(double low, double high, double begin, double end, bool isLogarithmic = false)
{
    public double At(double value)
    {
        double part = isLogarithmic ? Math.Log(Math.Max(value, low) / low) / Math.Log(high / low) : (value - low) / (high - low);
        return begin + (Math.Clamp(part, 0, 1) * (end - begin));
    }

    /// <summary>Round numbers along it.</summary>
    public IEnumerable<double> Ticks()
    {
        if (isLogarithmic)
        {
            for (double decade = Math.Pow(10, Math.Floor(Math.Log10(low))); decade <= high * 1.0001; decade *= 10)
            {
                foreach (double tick in (double[])[decade, 2 * decade, 5 * decade])
                {
                    if (tick >= low * 0.9999 && tick <= high * 1.0001)
                    {
                        yield return tick;
                    }
                }
            }

            yield break;
        }

        double raw = (high - low) / 6;
        double unit = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = ((double[])[1, 2, 5, 10]).First(s => s * unit >= raw) * unit;
        for (int i = (int)Math.Ceiling((low / step) - 1e-9); i * step <= high * 1.0000001; i++)
        {
            yield return i * step;
        }
    }
}
