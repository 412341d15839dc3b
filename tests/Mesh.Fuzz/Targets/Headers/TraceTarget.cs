using System.Diagnostics;
using Mesh.Client.Pipeline.Observed;
using Mesh.Fuzz.Mutations;

namespace Mesh.Fuzz.Targets.Headers;

/// <summary>A <c>traceparent</c> that a caller wrote: it is only taken out if an attempt before left it.</summary>
internal sealed class TraceTarget : IFuzzTarget
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Span = "b7ad6b7169203331";

    public string Name => "traceparent";

    public Grammar Grammar { get; } = new() { Tokens = [$"00-{Trace}-{Span}-01", "00-", Trace, Span, "-", "ff", "01", "\n"], MaxLength = 1024, BytesForEach = 128 };

    public int Run(byte[] input)
    {
        string[] lines = InputText.Lines(input, 2);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        bool isThere = request.Headers.TryAddWithoutValidation("traceparent", lines[0]);
        request.Headers.TryAddWithoutValidation("Request-Id", lines[1]);
        Activity? before = Activity.Current;
        using var activity = new Activity("fuzz");
        activity.SetIdFormat(ActivityIdFormat.W3C);
        activity.SetParentId(ActivityTraceId.CreateFromString(Trace), ActivitySpanId.CreateFromString(Span));
        activity.Start();
        WrittenTrace.RemoveOfAnAttempt(request);
        bool isLeft = WrittenTrace.IsIn(request);
        activity.Stop();
        Activity.Current = before;
        bool isOfThisTrace = lines[0].Length >= 52 && lines[0].AsSpan(3).StartsWith(Trace);
        FuzzFaultException.Unless(isLeft || isOfThisTrace, "It took out what is of another trace.");
        return (isThere ? 1 : 0) | (isLeft ? 2 : 0) | (isOfThisTrace ? 4 : 0) | AnswerKind.Size(lines[0].Length) << 3;
    }
}
