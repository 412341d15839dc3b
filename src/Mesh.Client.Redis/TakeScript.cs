using System.Security.Cryptography;
using System.Text;
using Mesh.Client.Limits.Quotas;
using Mesh.Client.Redis.Connections;
using StackExchange.Redis;

namespace Mesh.Client.Redis;

/// <summary>The script that takes permits, its arguments and its reply.</summary>
internal static class TakeScript
{
    private const int ReplyLength = 6;
    private const long MicrosecondsOfAYear = 366L * 24 * 3600 * 1_000_000;
    private const long MostPermits = 1_000_000_000_000_000;

    /// <summary>The text.</summary>
    public static string Text { get; } = Read();

    /// <summary>The key of a quota: hashed, so that neither tenants' names nor their length get into Redis, and in a hash tag, so that a cluster finds one slot for it.</summary>
    public static RedisKey Key(string prefix, QuotaRequest request)
    {
        byte[] subject = Encoding.UTF8.GetBytes($"{request.Name}\n{request.KeyHash}\n{request.Window.Ticks}");
        return $"{prefix}{{{Convert.ToHexStringLower(SHA256.HashData(subject).AsSpan(0, 16))}}}";
    }

    public static RedisValue[] Arguments(QuotaRequest request) =>
    [
        Math.Clamp(request.Permits, 0, MostPermits),
        Math.Clamp(request.Window.Ticks / TimeSpan.TicksPerMicrosecond, 1, MicrosecondsOfAYear),
        request.Process,
        request.Sequence,
        request.Wanted,
        request.Demand,
        request.WindowId,
        request.Returned,
        request.Spent,
    ];

    /// <summary>Reads a reply.</summary>
    /// <exception cref="RedisTripException">It is none of the script.</exception>
    public static QuotaGrant Grant(RedisResult reply)
    {
        long[]? values;
        try
        {
            values = (long[]?)reply;
        }
        catch (Exception error) when (error is InvalidCastException or FormatException or OverflowException)
        {
            values = null;
        }

        return values is { Length: ReplyLength }
            ? new QuotaGrant(values[0], Duration(values[1]))
            {
                Processes = (int)Math.Clamp(values[2], 1, int.MaxValue),
                FairShare = values[3],
                AskAgain = Duration(values[4]),
                WindowId = values[5],
            }
            : throw new RedisTripException("Redis answered the quota script with something else; look for a proxy between.");
    }

    private static TimeSpan Duration(long microseconds) => TimeSpan.FromTicks(Math.Clamp(microseconds, 0, MicrosecondsOfAYear) * TimeSpan.TicksPerMicrosecond);

    private static string Read()
    {
        using Stream stream = typeof(TakeScript).Assembly.GetManifestResourceStream("take.lua")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
