using System.Globalization;
using Mesh.Client.Limits.Quotas;
using Mesh.Client.Model;
using Mesh.Client.Redis;
using Microsoft.Extensions.Logging.Abstractions;

// Asks for permits of a quota at a steady rate and prints what it was given: Mesh.QuotaCaller REDIS QUOTA PERMITS WINDOW-MS RATE SECONDS FALLBACK.
// Begins at the first line of its input; prints a line each 100 ms: milliseconds since then, admitted and denied so far, and the longest wait in µs. Rate 0 is as fast as it goes.
string redis = args[0];
var policy = new QuotaPolicy(args[1], Number(2), TimeSpan.FromMilliseconds(Number(3))) { OnFailure = Enum.Parse<StoreFailureMode>(args[6]) };
long rate = Number(4);
TimeSpan length = TimeSpan.FromSeconds(Number(5));
TimeProvider clock = TimeProvider.System;
using var store = new RedisQuotaStore(null, () => new RedisPolicy { Configuration = redis }, clock, NullLogger.Instance);
using var keeper = new QuotaKeeper(store, clock, Random.Shared);
LeasedQuota quota = keeper.Add(policy).Whole;

// As an application that has run for a while: the connection stands.
await store.TakeAsync(new QuotaRequest("warm-up", "", 1, TimeSpan.FromSeconds(1), keeper.Process) { Sequence = 1 }, CancellationToken.None);
long admitted = 0;
long denied = 0;
double longest = 0;
Console.WriteLine("ready");
await Console.In.ReadLineAsync();
long start = clock.GetTimestamp();
TimeSpan told = TimeSpan.Zero;
for (long made = 0; ;)
{
    TimeSpan elapsed = clock.GetElapsedTime(start);
    if (elapsed >= told)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalMilliseconds:F0} {admitted} {denied} {longest * 1000:F0}"));
        told += TimeSpan.FromMilliseconds(100);
        if (elapsed >= length)
        {
            return 0;
        }
    }

    long due = rate == 0 ? made + 1000 : (long)(elapsed.TotalSeconds * rate);
    for (; made < due; made++)
    {
        long now = clock.GetTimestamp();
        ValueTask<QuotaDecision> asked = quota.AcquireAsync(now, 1);
        bool isAdmitted = (asked.IsCompletedSuccessfully ? asked.Result : await asked).IsAdmitted;
        longest = Math.Max(longest, clock.GetElapsedTime(now).TotalMilliseconds);
        _ = isAdmitted ? admitted++ : denied++;
    }

    if (rate > 0)
    {
        await Task.Delay(1);
    }
}

long Number(int at) => long.Parse(args[at], CultureInfo.InvariantCulture);
