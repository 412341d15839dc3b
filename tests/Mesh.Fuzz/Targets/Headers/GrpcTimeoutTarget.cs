using System.Text.RegularExpressions;
using Mesh.Client.AspNetCore.Receiving;
using Mesh.Client.Grpc;
using Mesh.Client.Inbound;
using Mesh.Fuzz.Mutations;
using Microsoft.AspNetCore.Http;

namespace Mesh.Fuzz.Targets.Headers;

/// <summary>The deadlines that a request carries: <c>grpc-timeout</c> beside the grammar of its specification, and Envoy's header.</summary>
internal sealed partial class GrpcTimeoutTarget : IFuzzTarget
{
    public string Name => "grpc-timeout";

    public Grammar Grammar { get; } = new() { Tokens = ["1S", "99999999H", "100000000n", "0u", "H", "M", "S", "m", "u", "n", "1", "30000", "\n"], MaxLength = 512 };

    public int Run(byte[] input)
    {
        string[] lines = InputText.Lines(input, 2);
        bool isRead = GrpcTimeoutText.TryParse(lines[0], out TimeSpan timeout);
        FuzzFaultException.Unless(isRead == Specified().IsMatch(lines[0]), $"The reader says {isRead}, the specification {!isRead}.");
        FuzzFaultException.Unless(timeout >= TimeSpan.Zero, "It is less than nothing.");
        if (isRead)
        {
            FuzzFaultException.Unless(GrpcTimeoutText.TryParse(GrpcTimeoutText.Format(timeout), out TimeSpan again), "What is written cannot be read.");
            FuzzFaultException.Unless(again <= timeout || timeout == TimeSpan.Zero || timeout < TimeSpan.FromMicroseconds(1), $"Written and read, {timeout} has grown to {again}.");
        }

        var headers = new HeaderDictionary { [GrpcNames.Timeout] = lines[0], [InboundHeaders.Timeout] = lines[1] };
        TimeSpan? left = RequestDeadline.Left(headers);
        FuzzFaultException.Unless(left is null || (left >= TimeSpan.Zero && left <= TimeSpan.FromDays(365)), $"{left} is left.");
        FuzzFaultException.Unless(!isRead || left is not null && left <= timeout, "The deadline is later than grpc-timeout.");
        return (isRead ? 1 : 0) | (left is null ? 0 : 2) | (lines[0].Length > 0 ? lines[0][^1] % 64 << 3 : 0);
    }

    [GeneratedRegex(@"\A[0-9]{1,8}[HMSmun]\z")]
    private static partial Regex Specified();
}
