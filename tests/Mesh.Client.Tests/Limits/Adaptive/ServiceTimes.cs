namespace Mesh.Client.Tests.Limits.Adaptive;

/// <summary>How long calls take at a server, as multiples of their mean.</summary>
internal static class ServiceTimes
{
    public const string Deterministic = "deterministic";
    public const string Exponential = "exponential";
    public const string LogNormal = "log-normal";
    public const string TwoKinds = "nine short, one long";

    public static double Draw(string distribution, Random random) => distribution switch
    {
        Deterministic => 1,
        Exponential => -Math.Log(1 - random.NextDouble()),

        // The standard deviation of the logarithm is 1, and so is the mean.
        LogNormal => Math.Exp(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()) - 0.5),
        _ => random.Next(10) == 0 ? 5.5 : 0.5,
    };
}
