// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// A contract wallet with one owner, for tests and the demo: an address that cannot sign for itself.
contract Wallet {
    address public immutable owner;

    constructor(address owner_) {
        owner = owner_;
    }

    receive() external payable {}

    function execute(address to, uint256 value, bytes calldata data) external returns (bytes memory) {
        require(msg.sender == owner, "not the owner");
        (bool done, bytes memory result) = to.call{value: value}(data);
        require(done, "the call failed");
        return result;
    }
}
